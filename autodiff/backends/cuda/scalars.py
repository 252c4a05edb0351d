"""The scalar function of an op, rewritten as a function that a kernel can call.

A number in Python is a float64 to the compiler, and one float64 makes a whole expression float64,
which a GPU computes many times slower. So each number is wrapped in the type computed in, the
functions of `math` lose their prefix, and the ops that a function calls come along:

    def forward(x):                         @device
        return 0.5 * x * math.tanh(x)       def gelu(x):
                                                return float32(0.5) * x * tanh(x)
"""

from __future__ import annotations

import ast
import builtins
import inspect
import math
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.op import OPS, Elementwise

__all__ = ["UntranslatableError", "device_functions", "device_name", "translate"]

PER_TYPE = {"floor": "floor", "ceil": "ceil", "trunc": "trunc", "round": "rint"}
"""Functions that Python rounds to integers with, and their names for floats on a device."""

HELPERS = {
    "gcd": """\
@device
def gcd(x, y):
    x, y = abs(x), abs(y)
    while y != 0:
        x, y = y, x % y
    return x
""",
    "lcm": """\
@device
def lcm(x, y):
    a, b = abs(x), abs(y)
    while b != 0:
        a, b = b, a % b
    return abs(x // a * y) if a != 0 else a
""",
}
"""Functions of `math` that kernels have to bring along."""


class UntranslatableError(Exception):
    """A function does what kernels cannot."""


def device_name(name: str, real: str) -> str:
    """What the device function is called that computes ``name`` in the type ``real``.

    >>> device_name("exp", "float32")
    'exp_f32'
    """
    return f"{name}_{real.replace('float', 'f').replace('int', 'i')}"


def device_functions(
    function: Callable[..., Any], name: str, real: str, settings: dict[str, Any]
) -> str:
    """The text of ``function`` as a device function, and of all functions that it calls.

    Args:
        name: what the function shall be called.
        real: the type that it computes in, such as "float32", or "bool".
        settings: values of keyword arguments, which become part of the text.

    Raises:
        UntranslatableError: it uses what kernels cannot.

    >>> print(device_functions(OPS["LeakyRelu"].forward, "leaky_relu", "float32", {"slope": 0.1}))
    @device
    def leaky_relu(x):
        return x if x > float32(0) else float32(0.1) * x
    <BLANKLINE>
    """
    texts: dict[str, str] = {}
    translate(function, name, real, settings, texts)
    return "\n".join(texts.values())


def translate(
    function: Callable[..., Any],
    name: str,
    real: str,
    settings: dict[str, Any],
    texts: dict[str, str],
) -> None:
    """Put the texts of ``function`` and of all functions that it calls into ``texts``, by name."""
    if name in texts:
        return
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError) as error:
        raise UntranslatableError(name) from error
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise UntranslatableError(name)
    names = [a.arg for a in definition.args.args + definition.args.kwonlyargs]
    defaults = {
        p.name: p.default
        for p in inspect.signature(function).parameters.values()
        if p.kind is p.KEYWORD_ONLY and p.default is not p.empty
    }
    constants = {k: v for k, v in (defaults | settings).items() if k in names}
    texts[name] = ""  # a place before those that it calls is found for it below
    called: dict[str, str] = {}
    visitor = _Visitor(function, real, constants, texts, called)
    body = visitor.block(definition.body)
    parameters = ", ".join(n for n in names if n not in constants)
    lines = textwrap.indent("\n".join(ast.unparse(line) for line in body), "    ")
    del texts[name]
    texts[name] = f"@device\ndef {name}({parameters}):\n{lines}\n"


class _Visitor(ast.NodeTransformer):
    """Rewrites one function."""

    def __init__(
        self,
        function: Any,
        real: str,
        constants: dict[str, Any],
        texts: dict[str, str],
        called: dict[str, str],
    ) -> None:
        self.known = function.__globals__
        self.local = set(function.__code__.co_varnames)
        self.real, self.constants, self.texts = real, constants, texts

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """Statements without the docstring and without what cannot be reached."""
        result: list[ast.stmt] = []
        for statement in statements:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue
            if isinstance(statement, ast.If):
                test = self.visit(statement.test)
                if isinstance(test, ast.Constant):
                    result += self.block(statement.body if test.value else statement.orelse)
                else:
                    orelse = self.block(statement.orelse)
                    result.append(ast.If(test, self.block(statement.body), orelse))
            else:
                result.append(self.visit(statement))
            if isinstance(result[-1] if result else None, ast.Return):
                break
        return result

    # -- values -------------------------------------------------------------------------------

    def number(self, value: Any) -> ast.expr:
        """A number of the type computed in."""
        if value is None or isinstance(value, (bool, str)):
            return ast.Constant(value)
        if value == sys.float_info.max and self.real.startswith("float"):
            value = float(np.finfo(self.real).max)
        if isinstance(value, float) and not math.isfinite(value):
            name: ast.expr = ast.Name("nan" if value != value else "inf", ast.Load())
            value_text = ast.UnaryOp(ast.USub(), name) if value < 0 else name
        else:
            value_text = ast.Constant(value)
        if self.real == "bool":
            return value_text
        return ast.Call(ast.Name(self.real, ast.Load()), [value_text], [])

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return self.number(node.value)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self.constants:
            return self.number(self.constants[node.id])
        if node.id in self.local or isinstance(node.ctx, ast.Store):
            return node
        return self.number(self._number_of(node))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self.number(self._number_of(node))

    def _number_of(self, node: ast.expr) -> float:
        value = self._object(node)
        if not isinstance(value, (int, float)):
            raise UntranslatableError(ast.unparse(node))
        return value

    def _object(self, node: ast.expr) -> Any:
        """What a name, or a chain of attributes, refers to."""
        if isinstance(node, ast.Attribute):
            return getattr(self._object(node.value), node.attr)
        if isinstance(node, ast.Name):
            if node.id in self.known:
                return self.known[node.id]
            if hasattr(builtins, node.id):
                return getattr(builtins, node.id)
        raise UntranslatableError(ast.unparse(node))

    # -- operators ----------------------------------------------------------------------------

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        operand = self.visit(node.operand)
        if isinstance(node.op, ast.Not) and isinstance(operand, ast.Constant):
            return ast.Constant(not operand.value)
        return ast.UnaryOp(node.op, operand)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        left, right = self.visit(node.left), self.visit(node.right)
        if not isinstance(node.op, (ast.BitAnd, ast.BitOr, ast.BitXor)):
            left, right = self._counted(left), self._counted(right)
        return ast.BinOp(left, node.op, right)

    def _counted(self, node: ast.expr) -> ast.expr:
        """A truth value in arithmetic as a number."""
        if isinstance(node, ast.Compare):
            return ast.Call(ast.Name("int32", ast.Load()), [node], [])
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        left = self.visit(node.left)
        others = [self.visit(x) for x in node.comparators]
        if isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            if isinstance(left, ast.Name):
                raise UntranslatableError(ast.unparse(node))
            same = isinstance(left, ast.Constant) and left.value is None
            return ast.Constant(same == isinstance(node.ops[0], ast.Is))
        return ast.Compare(left, node.ops, others)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        decisive = isinstance(node.op, ast.Or)
        left: list[ast.expr] = []
        for x in node.values:
            value = self.visit(x)
            if not isinstance(value, ast.Constant):
                left.append(value)
            elif bool(value.value) == decisive:
                return value if not left else ast.BoolOp(node.op, [*left, value])
        if not left:
            return ast.Constant(not decisive)
        return left[0] if len(left) == 1 else ast.BoolOp(node.op, left)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        test = self.visit(node.test)
        if isinstance(test, ast.Constant):
            return self.visit(node.body if test.value else node.orelse)
        return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))

    # -- calls --------------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = self._object(node.func)
        if function is isinstance:
            return ast.Constant(self._object(node.args[1]) is bool and self.real == "bool")
        given = [self.visit(x) for x in node.args]
        if node.keywords:
            raise UntranslatableError(ast.unparse(node))
        if function is float:
            return _call(self.real, given)
        if function is bool:
            return given[0] if self.real == "bool" else _not_zero(given[0], self.number(0))
        if function in (abs, min, max):
            return _call(function.__name__, given)
        if function is round or function in vars(math).values():
            return self._mathematics(function.__name__, given)
        return _call(self._device_function(function), given)

    def _mathematics(self, name: str, given: list[ast.expr]) -> ast.expr:
        if not self.real.startswith("float"):
            if name == "pow":
                return ast.BinOp(given[0], ast.Pow(), given[1])
            if name in PER_TYPE:  # integers are whole already
                return given[0]
        if name in PER_TYPE:
            return _call(f"{PER_TYPE[name]}_{self.real}", given)
        if name in HELPERS:
            self.texts[name] = HELPERS[name]
        return _call(name, given)

    def _device_function(self, function: Any) -> str:
        """The name of the device function for an op, or for a helper of one."""
        op = _op_of(function)
        name = device_name(op.function_name if op else function.__name__, self.real)
        translate(op.forward if op else function, name, self.real, {}, self.texts)  # type: ignore[attr-defined]
        return name


def _op_of(function: Any) -> type[Elementwise] | None:
    """The elementwise op that a function applies."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, type) and issubclass(owner, Elementwise):
        return owner
    if getattr(function, "__name__", None) == "forward":
        return next((op for op in _elementwise() if op.forward is function), None)  # type: ignore[attr-defined]
    name = getattr(function, "__name__", None)
    return next((op for op in _elementwise() if op.function_name == name), None)


def _elementwise() -> list[type[Elementwise]]:
    return [op for op in OPS.values() if issubclass(op, Elementwise)]


def _call(name: str, given: list[ast.expr]) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), given, [])


def _not_zero(x: ast.expr, zero: ast.expr) -> ast.Compare:
    return ast.Compare(x, [ast.NotEq()], [zero])
