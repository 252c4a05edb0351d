"""Gradient rules in words a reader can check: as declared, with the operands' own names, or with
numbers; and the local derivative in them, by which the gradient that arrives is multiplied."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from typing import Any

import networkx as nx

from autodiff.op import FUNCTIONS
from viz import words

__all__ = ["local_derivative", "receipt", "rule_in_names", "rule_in_numbers", "rule_text"]


def rule_text(node: Any, argument: str) -> str:
    """The gradient rule for one argument as the op declares it, when it is one expression."""
    rule: Callable[..., Any] | None = getattr(node, "rules", {}).get(argument)
    return _expression_of(rule) if rule is not None else ""


@cache
def _expression_of(rule: Callable[..., Any]) -> str:
    """What a rule returns, when that is one formula of operators and public functions."""
    try:
        source = inspect.getsource(rule)
    except OSError:  # the program came without its source
        return ""
    (function,) = ast.parse(textwrap.dedent(source)).body
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return)]
    returned = min(returns, key=lambda node: node.lineno)
    called = [node.func for node in ast.walk(returned) if isinstance(node, ast.Call)]
    if not all(isinstance(f, ast.Name) and f.id in FUNCTIONS for f in called):
        return ""
    return ast.unparse(returned.value) if returned.value is not None else ""


@cache
def local_derivative(rule: str) -> str:
    """What a rule multiplies ``g`` by, where it is a product; "" where it is not.

    >>> local_derivative("g * y"), local_derivative("g"), local_derivative("-g / (y * y)")
    ('y', '1', '-1 / (y * y)')
    """
    if not rule:
        return ""
    without = _without_g(ast.parse(rule, mode="eval").body)
    return ast.unparse(without) if without is not None else ""


def _without_g(node: ast.expr) -> ast.expr | None:
    """The expression divided by ``g``, or None where it is not a multiple of ``g``."""
    if isinstance(node, ast.Name) and node.id == "g":
        return ast.Constant(1)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _without_g(node.operand)
        return None if inner is None else ast.UnaryOp(ast.USub(), inner)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        if _mentions_g(node.right):
            if isinstance(node.op, ast.Div) or _mentions_g(node.left):
                return None
            inner = _without_g(node.right)
            return None if inner is None else _product(node.left, inner)
        inner = _without_g(node.left)
        if inner is None:
            return None
        if isinstance(node.op, ast.Mult):
            return _product(inner, node.right)
        return ast.BinOp(inner, ast.Div(), node.right)
    return None


def _product(x: ast.expr, y: ast.expr) -> ast.expr:
    if isinstance(x, ast.Constant) and x.value == 1:
        return y
    if isinstance(y, ast.Constant) and y.value == 1:
        return x
    return ast.BinOp(x, ast.Mult(), y)


def _mentions_g(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "g" for part in ast.walk(node))


def rule_in_names(
    graph: nx.MultiDiGraph, target: str, data: dict[str, Any], part: str = "rule"
) -> str:
    """The rule of one edge with the operands' names, as in ``g * b``; "" if it has no formula.

    ``part`` is "rule" for all of it or "local" for the local derivative alone.
    """
    if not data.get(part):
        return ""
    operands = {
        other["argument"]: words.label(source, graph.nodes[source])
        for source, _, other in graph.in_edges(target, data=True)
    }
    operands["out"] = words.label(target, graph.nodes[target])
    return words.substitute(data[part], operands)


def rule_in_numbers(graph: nx.MultiDiGraph, target: str, data: dict[str, Any]) -> str:
    """The rule of one edge with numbers, as in ``1.0 * 3.0``, where all values are numbers."""
    if not data.get("rule"):
        return ""
    values = {
        other["argument"]: graph.nodes[source]["value"]
        for source, _, other in graph.in_edges(target, data=True)
    }
    values |= {"out": graph.nodes[target]["value"], "g": graph.nodes[target].get("g")}
    if not all(isinstance(value, (int, float)) for value in values.values()):
        return ""
    numbers = {name: words.number(value) for name, value in values.items()}
    negative = {
        name: f"({text})" if text.startswith("-") else text for name, text in numbers.items()
    }
    text = words.substitute(data["rule"], negative)
    return "" if text == negative["g"] else text


def receipt(graph: nx.MultiDiGraph, target: str, data: dict[str, Any]) -> tuple[str, str]:
    """What an edge carried, as ``upstream x local derivative = contribution``: in symbols, and in
    numbers where they are few. Either is "" where there is nothing to tell."""
    symbols = rule_in_names(graph, target, data)
    local, flowed = data.get("local_value"), data.get("flowed")
    if local is None or flowed is None:
        return symbols, words.one_line(flowed)
    upstream = graph.nodes[target].get("g")
    numbers = f"{words.one_line(upstream)} × {words.one_line(local)} = {words.one_line(flowed)}"
    return symbols, numbers
