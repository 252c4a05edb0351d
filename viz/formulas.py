"""Formulas as a reader would write them: known numbers put in, and what follows from them done.

``g * (y * pow(x, y - 1))`` with ``y = 2`` is ``g * (2 * x)``.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

__all__ = ["as_calls", "simplified", "snake_case", "without_g"]

COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


def simplified(formula: str, known: Mapping[str, Any]) -> str:
    """A formula with the values of some of its names put in.

    >>> simplified("g * (y * pow(x, y - 1))", {"y": 3})
    'g * (3 * x ** 2)'
    >>> simplified("where(out != 0, g, 0.0)", {})
    'g if out != 0 else 0.0'
    """
    if not formula:
        return ""
    return ast.unparse(_Simplifier(known).visit(ast.parse(formula, mode="eval")))


def as_calls(node: ast.expr) -> ast.expr:
    """A rule without what it says of shapes: ops as functions, un-broadcasting left out.

    >>> rule = "SumTo.apply(Reshape.apply(g @ y.mT, shape=x_shape), shape=x_shape)"
    >>> ast.unparse(as_calls(ast.parse(rule, mode="eval").body))
    'reshape(g @ y.mT)'
    """
    return _AsCalls().visit(node)


class _AsCalls(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Attribute(ast.Name("SumTo"), "apply"), [x]):
                return ast.Call(ast.Name("sum"), [x], []) if isinstance(x, ast.Name) else x
            case ast.Call(ast.Attribute(ast.Name("Fill"), "apply"), _, [setting]):
                return setting.value
            case ast.Call(ast.Attribute(ast.Name(op), "apply"), arguments):
                return ast.Call(ast.Name(snake_case(op)), arguments, [])
            case ast.Call(ast.Name("spread"), [x, *_]):
                return ast.Call(ast.Name("expand"), [x], [])
            case ast.Call(ast.Name("_count")):
                return ast.Name("n")  # as in the formula of the mean
        return node


def snake_case(name: str) -> str:
    """The name of a class as that of a function.

    >>> snake_case("LogSoftmax")
    'log_softmax'
    """
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


class _Simplifier(ast.NodeTransformer):
    """Works from the inside out, and only where the result is shorter."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self.known[node.id]) if node.id in self.known else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        if called == "pow":
            return self.visit(ast.BinOp(node.args[0], ast.Pow(), node.args[1]))
        if called == "where":
            return self.visit(ast.IfExp(*node.args))
        return self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.test, ast.Constant):
            return node.body if node.test.value else node.orelse
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        sides = [node.left, *node.comparators]
        if not all(isinstance(side, ast.Constant) for side in sides):
            return node
        compare = COMPARED[type(node.ops[0])]
        return ast.Constant(compare(*(side.value for side in sides)))  # type: ignore[attr-defined]

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        left, right = _constant(node.left), _constant(node.right)
        match node.op:
            case ast.Sub() if left is not None and right is not None:
                return ast.Constant(left - right)
            case ast.Pow() if right == 1:
                return node.left
            case ast.Mult() if right == 1:
                return node.left
            case ast.Mult() if left == 1:
                return node.right
            case ast.Mult() if left == -1:
                return ast.UnaryOp(ast.USub(), node.right)
        return node


def _constant(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return None if inner is None else -inner
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


@cache
def without_g(rule: str) -> str:
    """What a rule multiplies ``g`` by, where it is a product; "" where it is not.

    >>> without_g("g * y"), without_g("g"), without_g("-g / (y * y)")
    ('y', '1', '-1 / (y * y)')
    """
    if not rule:
        return ""
    rest = _rest(ast.parse(rule, mode="eval").body)
    return ast.unparse(rest) if rest is not None else ""


def _rest(node: ast.expr) -> ast.expr | None:
    """The expression divided by ``g``, or None where it is not a multiple of ``g``."""
    match node:
        case ast.Name("g"):
            return ast.Constant(1)
        case ast.UnaryOp(ast.USub(), operand):
            inner = _rest(operand)
            return None if inner is None else ast.UnaryOp(ast.USub(), inner)
        case ast.Call(ast.Name("where"), [condition, x, y]):
            return _either(condition, x, y, lambda parts: ast.Call(node.func, parts, []))
        case ast.IfExp(condition, x, y):
            return _either(condition, x, y, lambda parts: ast.IfExp(*parts))
        case ast.BinOp(left, ast.Mult(), right) if not _mentions_g(left):
            inner = _rest(right)
            return None if inner is None else _product(left, inner)
        case ast.BinOp(left, ast.Mult() | ast.Div(), right) if not _mentions_g(right):
            inner = _rest(left)
            if inner is None:
                return None
            is_product = isinstance(node.op, ast.Mult)
            return _product(inner, right) if is_product else ast.BinOp(inner, ast.Div(), right)
    return None


def _either(
    condition: ast.expr, x: ast.expr, y: ast.expr, choice: Callable[[list[ast.expr]], ast.expr]
) -> ast.expr | None:
    """A choice of two multiples of ``g``; zero is one."""
    if _mentions_g(condition):
        return None
    rests = [ast.Constant(0) if _constant(part) == 0 else _rest(part) for part in (x, y)]
    parts = [condition, *(rest for rest in rests if rest is not None)]
    return choice(parts) if len(parts) == 3 else None


def _product(x: ast.expr, y: ast.expr) -> ast.expr:
    if _constant(x) == 1:
        return y
    return x if _constant(y) == 1 else ast.BinOp(x, ast.Mult(), y)


def _mentions_g(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "g" for part in ast.walk(node))
