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

from autodiff.op import OPS
from autodiff.public import FUNCTIONS
from viz import words
from viz.formulas import as_calls, simplified, snake_case

__all__ = ["formula_of", "receipt", "rule_in_names", "rule_in_numbers", "rule_text"]


OPS_AS_CALLS = {snake_case(name) for name in OPS}


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
    # Earlier returns are special cases.
    returned = max(returns, key=lambda node: node.lineno).value
    if returned is None:
        return ""
    formula = as_calls(returned)
    parts = list(ast.walk(formula))
    called = {node.func for node in parts if isinstance(node, ast.Call)}
    known = {*inspect.signature(rule).parameters, *FUNCTIONS, "n"}
    used = {node.id for node in parts if isinstance(node, ast.Name) and node not in called}
    if not all(_name_of(f) in FUNCTIONS or _name_of(f) in OPS_AS_CALLS for f in called):
        return ""
    return ast.unparse(formula) if known.issuperset(n for n in used if not n.isupper()) else ""


def _name_of(called: ast.expr) -> str:
    """The name of a function, or of a method."""
    return getattr(called, "id", getattr(called, "attr", ""))


def rule_in_names(
    graph: nx.MultiDiGraph, target: str, data: dict[str, Any], part: str = "rule"
) -> str:
    """The rule of one edge with the operands' names, as in ``g * b``; "" if it has no formula.

    ``part`` is "rule" for all of it or "local" for the local derivative alone.
    """
    operands = {
        other["argument"]: words.label(source, graph.nodes[source])
        for source, _, other in graph.in_edges(target, data=True)
    }
    operands["out"] = words.label(target, graph.nodes[target])
    return words.substitute(formula_of(graph, target, data, part), operands)


def formula_of(
    graph: nx.MultiDiGraph, target: str, data: dict[str, Any], part: str = "rule"
) -> str:
    """A rule, or the local derivative in it, with constants and settings put in: as a product,
    where it can be told as one."""
    known = {
        name: value
        for name, value in graph.nodes[target].get("settings", {}).items()
        if value is None or words.is_number(value)
    }
    for source, _, other in graph.in_edges(target, data=True):
        operand = graph.nodes[source]
        label = words.label(source, operand)
        if operand["kind"] == "constant" and repr(operand["value"]) == label:
            known[other["argument"]] = operand["value"]
    formula = simplified(data.get(part, ""), known)
    if part == "rule" and " if " in formula and data["local"]:
        local = simplified(data["local"], known)
        return f"g * {local}" if local.isidentifier() else f"g * ({local})"
    return formula


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
    text = words.substitute(formula_of(graph, target, data), negative)
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
