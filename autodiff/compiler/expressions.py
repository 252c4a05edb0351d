"""Elementwise ops as expressions: a declaration's ``forward``, written out on given operands."""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.op import OPS, Elementwise

__all__ = ["expression", "literal", "rule_expression"]

ON_BOOLS = {
    "BitwiseAnd": "{0} and {1}", "BitwiseNot": "not {0}", "BitwiseOr": "{0} or {1}",
    "BitwiseXor": "{0} != {1}",
}  # fmt: skip
"""Ops whose ``forward`` is for integers as well, on truth values."""

ALLOWED = {"abs", "max", "min", "bool", "float"}
"""Python's own functions that mean the same to Numba."""


def expression(
    op: type[Elementwise], operands: list[Any], settings: dict[str, Any], dtype: np.dtype
) -> str | None:
    """The op's formula as Python source on ``operands``: texts, or numbers.

    ``dtype`` is what it computes in: numbers are written in it, so that float32 stays float32.
    None where ``forward`` is more than one expression, or calls what Numba does not know.

    >>> from autodiff.op import OPS
    >>> expression(OPS["Sigmoid"], ["x[i]"], {}, np.dtype("float32"))
    'float32(1) / (float32(1) + exp(-x[i]))'
    """
    if op.__name__ in ON_BOOLS:
        if dtype.kind != "b":
            return None
        return ON_BOOLS[op.__name__].format(*(_text(x, dtype) for x in operands))
    if op.__name__ == "Pow" and (power := _power(operands, dtype)):
        return power
    try:
        tree = _written_out(op.forward, operands, settings, dtype)  # type: ignore[attr-defined]
    except _NotAnExpressionError:
        return None
    return ast.unparse(tree)


def rule_expression(rule: Callable[..., Any], names: dict[str, Any], dtype: np.dtype) -> str | None:
    """A gradient rule of one expression, with texts or numbers for the names that it asks for.

    >>> from autodiff.op import OPS
    >>> names = {"g": "g_y", "x": "w", "y": "x"}
    >>> rule_expression(OPS["Mul"].rules["x"], names, np.dtype("float64"))
    'g_y * x'
    """
    parameters = inspect.signature(rule).parameters
    try:
        tree = _written_out(rule, [names[name] for name in parameters], {}, dtype)
    except _NotAnExpressionError:
        return None
    return ast.unparse(tree)


def literal(x: Any, dtype: np.dtype) -> str:
    """A number as source, in a dtype.

    >>> literal(0.5, np.dtype("float32")), literal(2, np.dtype("float64"))
    ('float32(0.5)', '2.0')
    """
    if dtype.kind == "b":
        return repr(bool(x))
    x = float(x)
    if not math.isfinite(x):
        text = f"math.{x}".replace("math.-", "-math.")
    elif dtype != np.float64 and x.is_integer() and abs(x) < 2**24 and math.copysign(1, x) * x >= 0:
        text = repr(int(x)) if x or math.copysign(1, x) > 0 else "-0.0"
    else:
        text = repr(x)
    return text if dtype == np.float64 else f"{dtype}({text})"


QUICK = {"exp", "tanh", "sin", "cos"}
"""What `mathematics` computes for float32, in vectors."""


class _NotAnExpressionError(Exception):
    """A function that cannot be written as one expression."""


def _text(x: Any, dtype: np.dtype) -> str:
    return x if isinstance(x, str) else literal(x, dtype)


def _power(operands: list[Any], dtype: np.dtype) -> str | None:
    """Powers with a constant exponent that NumPy computes without a power."""
    x, y = operands
    if isinstance(y, str) or isinstance(x, (int, float)):
        return None
    whole = {1: "{0}", 2: "{0} * {0}", 0.5: "math.sqrt({0})", -1: f"{literal(1, dtype)} / {{0}}"}
    return whole[y].format(x) if y in whole else f"{x} ** {literal(y, dtype)}"


def _written_out(
    function: Callable[..., Any], operands: list[Any], settings: dict[str, Any], dtype: np.dtype
) -> ast.expr:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, SyntaxError, TypeError):
        raise _NotAnExpressionError from None
    if not isinstance(tree, ast.FunctionDef) or len(tree.body) != 1:
        raise _NotAnExpressionError
    statement = tree.body[0]
    if not isinstance(statement, ast.Return) or statement.value is None:
        raise _NotAnExpressionError
    parameters = list(inspect.signature(function).parameters.values())
    names: dict[str, Any] = {p.name: p.default for p in parameters if p.default is not p.empty}
    inputs = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
    names |= dict(zip(inputs, operands, strict=False)) | settings
    return _Writer(names, function.__globals__, dtype).visit(statement.value)


class _Writer(ast.NodeTransformer):
    """Puts operands in the place of parameters, numbers into the dtype, ops' forms for calls."""

    def __init__(self, names: dict[str, Any], known: dict[str, Any], dtype: np.dtype) -> None:
        self.names, self.known, self.dtype = names, known, dtype

    def _parsed(self, x: Any) -> ast.expr:
        if isinstance(x, ast.expr):
            return x
        if not isinstance(x, (str, int, float, np.number, np.bool_)):
            raise _NotAnExpressionError
        return ast.parse(_text(x, self.dtype), mode="eval").body

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.names:
            return self._parsed(self.names[node.id])
        if isinstance(value := self.known.get(node.id), (int, float)):
            return self._parsed(value)
        if node.id in ALLOWED and hasattr(builtins, node.id):
            return node
        raise _NotAnExpressionError

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return self._parsed(node.value)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == "math":
            if node.attr in ("inf", "nan", "pi"):
                return self._parsed(getattr(math, node.attr))
            if node.attr in ("floor", "ceil", "trunc", "fmod"):  # Python's make integers, or raise
                return ast.Attribute(ast.Name("np"), node.attr)
            if node.attr in QUICK and self.dtype == np.float32:
                return ast.Name(node.attr)
            return node
        raise _NotAnExpressionError

    def visit_Call(self, node: ast.Call) -> ast.expr:
        function = node.func
        arguments = [self.visit(x) for x in node.args]
        if isinstance(function, ast.Name) and function.id == "float":
            return ast.Call(ast.Name(str(self.dtype)), arguments, [])
        op = None
        if isinstance(function, ast.Name):
            op = getattr(self.known.get(function.id), "__self__", None)
        elif isinstance(function, ast.Attribute) and function.attr == "forward":
            op = self.known.get(getattr(function.value, "id", ""))
        helper = getattr(self.known.get(getattr(function, "id", "")), "__name__", "")
        if helper == "no_gradient":
            return self._parsed(0)
        op = OPS["Where"] if helper == "where" else op
        if isinstance(op, type) and issubclass(op, Elementwise):
            return _written_out(op.forward, arguments, {}, self.dtype)  # type: ignore[attr-defined]
        return ast.Call(self.visit(function), arguments, [])
