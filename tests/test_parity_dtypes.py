"""Type promotion is PyTorch's: every pair of dtypes, and every dtype with Python's numbers."""

from __future__ import annotations

import itertools
import operator
from typing import Any

import pytest

import autodiff as ad

pytestmark = pytest.mark.parity

DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]
OPERATORS = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "and": operator.and_,
    "xor": operator.xor,
    "lshift": operator.lshift,
    "fmod": lambda x, y: x.fmod(y),
    "atan2": lambda x, y: x.atan2(y),
    "hypot": lambda x, y: x.hypot(y),
    "logaddexp": lambda x, y: x.logaddexp(y),
    "logical_xor": lambda x, y: x.logical_xor(y),
    "lt": operator.lt,
    "eq": operator.eq,
    "maximum": lambda x, y: x.maximum(y),
}


ONE_OPERAND = [
    "sum", "exp", "neg", "sqrt", "sigmoid", "log", "exp2", "log2", "log10", "rsqrt", "sinh", "cosh",
    "asin", "acos", "atan", "asinh", "acosh", "atanh", "erf", "erfc", "expm1", "log1p", "tan",
    "floor", "ceil", "trunc", "round", "frac", "logical_not", "isnan", "isinf", "isfinite",
    "nan_to_num", "reciprocal", "bitwise_not",
]  # fmt: skip


def outcome(m: Any, program: Any) -> tuple[str, Any]:
    """The dtype and the elements, or the type of the exception."""
    try:
        out = program(m)
    except (TypeError, RuntimeError) as error:
        return type(error).__name__, None
    return str(out.dtype).rpartition(".")[2], out.tolist()


def assert_same_outcome(program: Any) -> None:
    torch = pytest.importorskip("torch")
    (dtype, values), (expected_dtype, expected) = outcome(ad, program), outcome(torch, program)
    assert dtype == expected_dtype
    # Division of a tensor by a number multiplies by its reciprocal in PyTorch: one rounding more.
    tolerance = 1e-3 if dtype == "float16" else 1e-6
    if expected is not None:
        assert values == pytest.approx(expected, rel=tolerance, nan_ok=True)


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize(("a", "b"), list(itertools.product(DTYPES, DTYPES)))
def test_pairs(name: str, a: str, b: str) -> None:
    for x, y in [([2, 3], [2, 1]), (2, [2, 1]), ([2, 3], 1), (2, 1)]:
        assert_same_outcome(
            lambda m, x=x, y=y: OPERATORS[name](
                m.tensor(x, dtype=getattr(m, a)), m.tensor(y, dtype=getattr(m, b))
            )
        )


@pytest.mark.parametrize("name", ["add", "sub", "mul", "div", "pow", "floordiv", "mod", "lt", "eq"])
@pytest.mark.parametrize("number", [True, 3, -1, 2.5])
@pytest.mark.parametrize("dtype", DTYPES)
def test_python_numbers(name: str, number: Any, dtype: str) -> None:
    if (name, number, dtype) == ("pow", True, "bool"):
        pytest.skip("PyTorch copies for the power 1 before it looks at the dtype")
    for x in ([2, 3], 2):
        assert_same_outcome(
            lambda m, x=x: OPERATORS[name](m.tensor(x, dtype=getattr(m, dtype)), number)
        )
        assert_same_outcome(
            lambda m, x=x: OPERATORS[name](number, m.tensor(x, dtype=getattr(m, dtype)))
        )


@pytest.mark.parametrize("name", ONE_OPERAND)
@pytest.mark.parametrize("dtype", DTYPES)
def test_one_operand(name: str, dtype: str) -> None:
    assert_same_outcome(lambda m: getattr(m.tensor([1, 0], dtype=getattr(m, dtype)), name)())


@pytest.mark.parametrize(("a", "b"), list(itertools.product(["float32", "float64"], DTYPES)))
def test_gradients_keep_the_dtype_of_their_input(a: str, b: str) -> None:
    def program(m: Any) -> Any:
        x = m.tensor([2.0, 3.0], dtype=getattr(m, a), requires_grad=True)
        (x * m.tensor([2, 1], dtype=getattr(m, b))).sum().backward()
        return x.grad

    assert_same_outcome(program)


@pytest.mark.parametrize("name", ["abs", "relu", "sign", "square"])
@pytest.mark.parametrize("dtype", DTYPES[1:])
def test_one_number(name: str, dtype: str) -> None:
    assert_same_outcome(lambda m: getattr(m.tensor([1, 0], dtype=getattr(m, dtype)), name)())
