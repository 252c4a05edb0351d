"""Gradient rules of one expression, written out where they are used instead of called.

A call takes longer than the product of two floats, and a graph of scalars is little else.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

__all__ = ["inlined"]


def inlined(
    rule: Callable[..., Any], operands: dict[str, str]
) -> tuple[str, dict[str, Any]] | None:
    """The expression that ``rule`` returns, with other expressions for its parameters.

    Also returns what the names in it refer to. None where the rule is more than one expression, or
    where its source is not at hand.

    >>> from autodiff.op import OPS
    >>> inlined(OPS["Div"].rules["y"], {"g": "g", "x": "x", "y": "y"})[0]
    '-g * (x / y / y)'
    """
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(rule)))
    except (OSError, SyntaxError, TypeError):
        return None
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef) or rule.__closure__:  # type: ignore[attr-defined]
        return None
    statement = function.body[0]
    if len(function.body) > 1 or not isinstance(statement, ast.Return) or not statement.value:
        return None
    expression = _Replaced(operands).visit(statement.value)
    names = {part.id for part in ast.walk(expression) if isinstance(part, ast.Name)}
    known = rule.__globals__  # type: ignore[attr-defined]
    return ast.unparse(expression), {name: known[name] for name in names if name in known}


class _Replaced(ast.NodeTransformer):
    """An expression with others in the place of some names."""

    def __init__(self, operands: dict[str, str]) -> None:
        self.operands = operands

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.operands or self.operands[node.id] == node.id:
            return node
        return ast.parse(self.operands[node.id], mode="eval").body
