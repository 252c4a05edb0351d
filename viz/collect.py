"""Collecting: from a value or a backward pass to a NetworkX graph of plain attributes.

Only the protocol of graph nodes is used: ``grad_fn``, ``next_functions``, ``name()``, and
``variable`` on the node of a leaf. So a PyTorch loss is collected as ours is. What our nodes know
beyond that (formula, arguments, constants, results) is added where it is there.

In the result each node is one operation with its value, one leaf, or one constant; each edge leads
from an operand to the operation that uses it, with the operand's position. Ids number the nodes in
the order of computation, so they are the same in every run.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import networkx as nx

from autodiff.op import FUNCTIONS
from viz.names import Names

__all__ = ["FOLD_ABOVE", "collect", "collect_steps"]

FOLD_ABOVE = 300
"""Graphs of more nodes than this are cut: the nodes nearest to the result are drawn."""


def collect(x: Any, names: Names) -> nx.MultiDiGraph:
    """The graph that computed ``x``."""
    root = x.grad_fn if x.grad_fn is not None else _Leaf(x)
    order = _computation_order(root)
    drawn = order[-FOLD_ABOVE:]
    graph = nx.MultiDiGraph(root=None, left_out=len(order) - len(drawn))
    ids: dict[Any, str] = {}
    for node in drawn:
        constants = _constants_of(node)
        operands: list[tuple[int, str]] = []
        for position, (source, _) in enumerate(node.next_functions):
            if source is not None and _key(source) in ids:
                operands.append((position, ids[_key(source)]))
            elif source is None and constants[position] is not None:
                constant_id = f"n{len(graph)}"
                graph.add_node(constant_id, **_describe_constant(constants[position], names))
                operands.append((position, constant_id))
            elif source is not None:
                operands.append((position, _left_out_node(graph)))
        name = ids[_key(node)] = f"n{len(graph)}"
        graph.add_node(name, **_describe(node, names))
        arguments = getattr(node, "arguments", ())
        for position, operand in operands:
            argument = arguments[position] if position < len(arguments) else ""
            graph.add_edge(operand, name, position=position, argument=argument)
    graph.graph["root"] = ids[_key(root)]
    graph.graph["ids"] = ids
    _name_root(graph, x, names)
    return graph


def collect_steps(x: Any, steps: Iterable[Any], names: Names) -> nx.MultiDiGraph:
    """The graph that computed ``x``, with what each `Step` of its backward pass did.

    A node gets ``step`` (its place in the pass, from 1) and ``g`` (its complete gradient); an
    edge gets ``flowed`` (the contribution) and ``rule`` (how it was computed).
    """
    graph = collect(x, names)
    ids = graph.graph["ids"]
    for step in steps:
        node = step.node
        name = ids.get(node if node.inputs else id(node))
        if name is None:
            continue
        graph.nodes[name]["step"] = step.index + 1
        graph.nodes[name]["g"] = step.g
        if not node.inputs:
            (write,) = step.writes
            graph.nodes[name].update(grad_before=write.before, grad_after=write.after)
            continue
        for position, write in enumerate(step.writes):
            if write is not None:
                _record_flow(graph, name, position, node, write)
    return graph


class _Leaf:
    """A leaf in the place of a node, for a value that nothing computed."""

    next_functions: tuple[Any, ...] = ()

    def __init__(self, variable: Any) -> None:
        self.variable = variable

    def name(self) -> str:
        return "AccumulateGrad"


def _key(node: Any) -> Any:
    """What tells nodes apart: the node itself or, at the end of a chain, its leaf."""
    return id(node.variable) if hasattr(node, "variable") else node


def _computation_order(root: Any) -> list[Any]:
    """Every node that leads to ``root``, operands before the operations that use them."""
    order: list[Any] = []
    seen: set[Any] = set()
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, finished = stack.pop()
        if finished:
            order.append(node)
        elif _key(node) not in seen:
            seen.add(_key(node))
            stack.append((node, True))
            for source, _ in reversed(node.next_functions):
                if source is not None:
                    stack.append((source, False))
    return order


def _describe(node: Any, names: Names) -> dict[str, Any]:
    """The plain attributes of an operation or a leaf."""
    variable = getattr(node, "variable", None)
    if variable is not None:
        return {
            "kind": "leaf" if variable.requires_grad else "constant",
            "function": node.name() if variable.requires_grad else "",
            "name": names.of_value(variable),
            "grad": _plain(getattr(variable, "grad", None)),
            **_describe_value(_plain(variable)),
        }
    variable = names.variable_of(node)
    value = _plain(variable) if variable is not None else getattr(node, "out", None)
    grad = variable.grad if variable is not None and _retains_grad(variable) else None
    return {
        "kind": "op",
        "function": node.name(),
        "op": _op_name(node),
        "formula": getattr(node, "formula", ""),
        "arguments": tuple(getattr(node, "arguments", ())),
        "settings": dict(getattr(node, "settings", {})),
        "saves": _saved_names(node),
        "released": bool(getattr(node, "is_released", False)),
        "name": names.of_output(node),
        "grad": _plain(grad),
        **_describe_value(value),
    }


def _saved_names(node: Any) -> tuple[str, ...]:
    """The names of the values a node keeps, or kept, for its gradient rules."""
    names = getattr(node, "saves", ())
    saved = getattr(node, "saved", None)
    if saved is None:
        return tuple(names)
    return tuple(name for name, value in zip(names, saved, strict=True) if value is not None)


def _describe_constant(value: Any, names: Names) -> dict[str, Any]:
    kept = value.reference() if hasattr(value, "reference") else value
    return {"kind": "constant", "function": "", "name": names.of_value(kept), "grad": None} | (
        _describe_value(value)
    )


def _describe_value(value: Any) -> dict[str, Any]:
    """Shape, dtype and elements; ``value`` is None when a large array is already gone."""
    shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    if hasattr(value, "reference"):
        value = value.reference()
    return {
        "value": value,
        "shape": None if shape is None else tuple(shape),
        "dtype": None if dtype is None else str(dtype).rpartition(".")[2],
    }


def _retains_grad(variable: Any) -> bool:
    return bool(getattr(variable, "retains_grad", False))


def _plain(x: Any) -> Any:
    """The float or array inside a variable, ours or PyTorch's."""
    if x is None or isinstance(x, float):
        return x
    if hasattr(x, "value"):
        return x.value
    return x.detach().numpy() if hasattr(x, "detach") else x


def _op_name(node: Any) -> str:
    """``mul`` for the node of a product; the name of the class for a Function of one's own."""
    if hasattr(node, "function"):
        return node.function.__name__
    if hasattr(node, "arguments"):
        return _snake_case(type(node).__name__)
    return _snake_case(node.name().rstrip("0123456789").removesuffix("Backward"))


def _snake_case(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


def _constants_of(node: Any) -> list[Any]:
    """For each operand, the constant it is, or None."""
    constants = getattr(node, "constants", None)
    return list(constants) if constants else [None] * len(node.next_functions)


def _left_out_node(graph: nx.MultiDiGraph) -> str:
    """The one node that stands for everything that is not drawn."""
    if "left_out" not in graph:
        graph.add_node("left_out", kind="left_out", name=None, function="", grad=None, value=None)
    return "left_out"


def _name_root(graph: nx.MultiDiGraph, x: Any, names: Names) -> None:
    root = graph.nodes[graph.graph["root"]]
    if root["name"] is None:
        root["name"] = names.of_value(x)
    if root["value"] is None:
        root.update(_describe_value(_plain(x)))


def _record_flow(graph: nx.MultiDiGraph, name: str, position: int, node: Any, write: Any) -> None:
    for _, _, attributes in graph.in_edges(name, data=True):
        if attributes["position"] == position:
            attributes.update(
                flowed=write.contribution,
                before=write.before,
                after=write.after,
                rule=_rule_text(node, attributes["argument"]),
            )


def _rule_text(node: Any, argument: str) -> str:
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
