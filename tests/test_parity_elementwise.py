"""Every elementwise op beside PyTorch, generated from the table of ops.

Values and gradients at zeros, kinks, ties, infinities and nan, with infinite and nan gradients
coming in; every dtype, and every pair of dtypes; in-place forms; expanded and transposed inputs.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from math import inf, nan
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.op import OPS, Elementwise
from tests.cases import CASES, Case
from tests.programs.compare import DTYPES, array

pytestmark = pytest.mark.parity

ELEMENTWISE = {
    op.function_name: len(op.arguments)
    for op in OPS.values()
    if issubclass(op, Elementwise) and op.exported
}
"""How many inputs each function takes."""

NUMBERS = [
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 1.5, 2.5, 3.0, 100.0, -100.0, 1e-30, 1e30, -1e30,
    inf, -inf, nan,
]  # fmt: skip
FEW = [0.0, 1.0, -1.0, 2.0, inf, -inf, nan]
GRIDS = {
    1: [NUMBERS],
    2: [list(column) for column in zip(*itertools.product(NUMBERS, NUMBERS), strict=True)],
    3: [list(column) for column in zip(*itertools.product(FEW, FEW, FEW), strict=True)],
}

CALLS: dict[str, tuple[Callable[..., Any], int]] = {
    **{
        name: (lambda m, *xs, name=name: getattr(m, name)(*xs), count)
        for name, count in ELEMENTWISE.items()
        if name not in ("where", "clamp") and not name.startswith(("bitwise", "gcd", "lcm"))
    },
    **{
        f"x ** {p}": (lambda m, x, p=p: x**p, 1)
        for p in (-2, -1, -0.5, 0, 0.5, 1, 2, 3, 1.5, -2.0)
    },
    **{f"{p} ** x": (lambda m, x, p=p: p**x, 1) for p in (-2, -0.5, 0, 0.5, 1, 2)},
    **{
        f"clamp({low}, {high})": (lambda m, x, low=low, high=high: x.clamp(low, high), 1)
        for low, high in [
            (None, 0.0), (0.0, None), (-1.0, 1.0), (1.0, -1.0), (nan, 1.0), (-1.0, nan), (-inf, inf)
        ]
    },
    "clamp by tensors": (lambda m, x, y, z: x.clamp(y, z), 3),
    "clamp from tensor": (lambda m, x, y: x.clamp(min=y), 2),
    "where": (lambda m, x, y: m.where(x > y, x, y), 2),
    **{
        f"div, {mode}": (lambda m, x, y, mode=mode: x.div(y, rounding_mode=mode), 2)
        for mode in ("floor", "trunc")
    },
    **{
        f"round to {d}": (lambda m, x, d=d: m.round(x, decimals=d), 1) for d in (-2, -1, 0, 1, 2)
    },
    **{f"lerp {w}": (lambda m, x, y, w=w: x.lerp(y, w), 2) for w in (0, 0.3, 0.5, 0.7, 1.0, 2)},
    "nan_to_num with numbers": (lambda m, x: x.nan_to_num(1.0, posinf=2.0), 1),
    "logit with eps": (lambda m, x: x.logit(0.1), 1),
    "float_power": (lambda m, x, y: x.float_power(y), 2),
    "isclose with nan": (lambda m, x, y: m.isclose(x, y, equal_nan=True), 2),
    "addcmul with value": (lambda m, x, y, z: x.addcmul(y, z, value=-2), 3),
    "addcdiv with value": (lambda m, x, y, z: x.addcdiv(y, z, value=0.5), 3),
    "add with alpha": (lambda m, x, y: x.add(y, alpha=2), 2),
    "sub with alpha": (lambda m, x, y: x.sub(y, alpha=-2), 2),
    "rsub": (lambda m, x, y: m.rsub(x, y, alpha=3), 2),
    "2 - x": (lambda m, x: 2 - x, 1),
    "0 / x": (lambda m, x: 0 / x, 1),
    "x / 0": (lambda m, x: x / 0, 1),
    "3 // x": (lambda m, x: 3 // x, 1),
    "x // 0": (lambda m, x: x // 0, 1),
    "x % 2": (lambda m, x: x % 2, 1),
    "5 % x": (lambda m, x: 5 % x, 1),
    "fmod 2": (lambda m, x: x.fmod(2), 1),
    "xlogy 2": (lambda m, x: x.xlogy(2.0), 1),
    "copysign -1": (lambda m, x: x.copysign(-1.0), 1),
    "sigmoid of log": (lambda m, x: x.log().sigmoid(), 1),
}  # fmt: skip

NO_DERIVATIVE = {"floor_divide", "3 // x", "x // 0", "5 % x", "heaviside"}
"""PyTorch has none for these; ours is 0, that of 5 % x is its slope, and heaviside has none."""

DIFFERENT = {
    "x ** -0.5": "PyTorch computes 1 / sqrt(x), which is -inf at -0 and nan at -inf",
    "x ** 0.5": "its gradient is the same power",
    "0 / x": "PyTorch multiplies by 1 / x, and its gradient is 0 * inf where 1 / x ** 2 overflows",
    "remainder": "PyTorch's float32 is nan where x / y overflows; the remainder is a number",
    "fmod": "the same",
    "logaddexp": "float32 below its normal range: other digits",
    "logaddexp2": "0.0 at x = y = -1 here, a rounding error there",
    "sinc": "float32 has no digits left for the sine of 1e30",
    "logit": "the gradient at -0 is inf in PyTorch's float32, and -inf in its float64",
}
"""Where values or gradients differ somewhere on the grid, and why. Those places are few."""


def results(m: Any, call: Any, grid: list[Any], dtype: str, upstream: float) -> list[np.ndarray]:
    """The values and the gradient to each input."""
    inputs = [m.tensor(x, dtype=getattr(m, dtype), requires_grad=True) for x in grid]
    out = call(m, *inputs)
    found = [array(out)]
    if out.requires_grad:
        g = m.full_like(out, upstream)
        gradients = m.autograd.grad(out, inputs, g, allow_unused=True)
        found += [np.zeros(out.shape) if g is None else array(g) for g in gradients]
    return found


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", CALLS)
def test_special_numbers(name: str, dtype: str) -> None:
    torch = pytest.importorskip("torch")
    call, count = CALLS[name]
    rtol = 1e-6 if dtype == "float64" else 1e-4
    for upstream in (1.0, inf, nan):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ours = results(ad, call, GRIDS[count], dtype, upstream)
            if name in NO_DERIVATIVE:
                with torch.no_grad():
                    theirs = results(torch, call, GRIDS[count], dtype, upstream)
            else:
                theirs = results(torch, call, GRIDS[count], dtype, upstream)
        for part, (a, b) in enumerate(zip(ours, theirs, strict=name not in NO_DERIVATIVE)):
            same = np.isclose(a, b, rtol=rtol, atol=0, equal_nan=True)
            if name in DIFFERENT:
                assert same.mean() > 0.8, DIFFERENT[name]
                continue
            places = np.flatnonzero(~same)[:4]
            first = [(*(x[i] for x in GRIDS[count]), a[i], b[i]) for i in places]
            assert same.all(), f"part {part}, g = {upstream}: inputs, ours, PyTorch's: {first}"


# -- dtypes ---------------------------------------------------------------------------------------

DTYPES_DIFFER = {
    ("square", "bool"): "PyTorch squares truth values as int64, here they are int8",
    ("pow", "bool"): "PyTorch copies for the power True before it looks at the dtype",
}
"""What differs for tensors of a dtype, and why."""

TENSORS_ONLY = {
    "logical_and", "logical_or", "logical_xor", "isclose", "maximum", "minimum", "fmax", "fmin",
    "logaddexp", "logaddexp2", "hypot", "atan2", "heaviside", "gcd", "lcm",
}  # fmt: skip
"""PyTorch has these for two tensors; here one of the two may be a number, as for floats."""

OPERANDS = {"in one dimension": [2, 3, 0, 1], "a number": 2}


def outcome(m: Any, call: Any) -> tuple[str, Any]:
    """The dtype and the elements, or the type of the exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            out = call(m)
        except (TypeError, RuntimeError, ValueError) as error:
            return type(error).__name__, None
    return str(out.dtype).rpartition(".")[2], array(out)


REFUSED = {"RuntimeError", "NotImplementedError"}


def assert_same_outcome(call: Any, what: Any, refusals: bool = True) -> None:
    torch = pytest.importorskip("torch")
    (dtype, ours), (wanted, theirs) = outcome(ad, call), outcome(torch, call)
    if not refusals and {dtype, wanted} <= REFUSED:
        return
    assert dtype == wanted, what
    if theirs is not None:
        tolerance = {"float16": 2e-3, "float32": 1e-5}.get(dtype, 1e-9)
        np.testing.assert_allclose(
            ours.astype(float), theirs.astype(float), tolerance, tolerance, err_msg=str(what)
        )


def tensor(m: Any, data: Any, dtype: str) -> Any:
    return m.tensor(data, dtype=getattr(m, dtype))


@pytest.mark.parametrize("name", [name for name, count in ELEMENTWISE.items() if count == 1])
def test_each_dtype(name: str) -> None:
    arguments = (0, 2) if name == "clamp" else ()
    for dtype, data in itertools.product(DTYPES, OPERANDS.values()):
        if (name, dtype) not in DTYPES_DIFFER:
            assert_same_outcome(
                lambda m, data=data, dtype=dtype: getattr(m, name)(
                    tensor(m, data, dtype), *arguments
                ),
                (dtype, data),
            )


@pytest.mark.parametrize("name", [name for name, count in ELEMENTWISE.items() if count == 2])
def test_each_pair_of_dtypes(name: str) -> None:
    for a, b in itertools.product(DTYPES, DTYPES):
        for x, y in [([2, 3, 0], [2, 1, 3]), (2, [2, 1, 3]), ([2, 3, 0], 1), (2, 1)]:
            assert_same_outcome(
                lambda m, a=a, b=b, x=x, y=y: getattr(m, name)(tensor(m, x, a), tensor(m, y, b)),
                (a, b, x, y),
            )


WITH_NUMBERS = [
    name for name, count in ELEMENTWISE.items() if count == 2 and name not in TENSORS_ONLY
]


@pytest.mark.parametrize("name", WITH_NUMBERS)
def test_each_dtype_with_a_number(name: str) -> None:
    for dtype, number in itertools.product(DTYPES, [True, 2, -1, 0.5]):
        if (name, dtype) in DTYPES_DIFFER:
            continue
        for data in OPERANDS.values():
            assert_same_outcome(
                lambda m, data=data, dtype=dtype, number=number: getattr(
                    tensor(m, data, dtype), name
                )(number),
                (dtype, number, data),
            )


@pytest.mark.parametrize("name", [name for name, count in ELEMENTWISE.items() if count == 3])
def test_each_dtype_of_three(name: str) -> None:
    for a, b in itertools.product(DTYPES, DTYPES):
        assert_same_outcome(
            lambda m, a=a, b=b: getattr(m, name)(
                tensor(m, [1, 0], a), tensor(m, [2, 1], b), tensor(m, [2, 2], b)
            ),
            (a, b),
        )


# -- in place -------------------------------------------------------------------------------------


def test_in_place_forms_are_those_of_pytorch() -> None:
    torch = pytest.importorskip("torch")
    for name in ELEMENTWISE:
        assert hasattr(ad.Tensor, f"{name}_") == hasattr(torch.Tensor, f"{name}_"), name


IN_PLACE = [name for name in ELEMENTWISE if hasattr(ad.Tensor, f"{name}_") and name != "clamp"]


@pytest.mark.parametrize("name", IN_PLACE)
def test_in_place(name: str) -> None:
    """Values and dtypes; where both dtypes and the op's result do not fit, any reason will do."""
    count = ELEMENTWISE[name]
    for a, b in itertools.product(DTYPES, DTYPES if count == 2 else ["float32"]):
        assert_same_outcome(
            lambda m, a=a, b=b: getattr(tensor(m, [2, 3, 1], a), f"{name}_")(
                *[tensor(m, [2, 1, 3], a if count == 3 else b) for _ in range(count - 1)]
            ),
            (a, b),
            refusals=False,
        )


# -- layouts --------------------------------------------------------------------------------------


def laid_out(m: Any, values: np.ndarray, layout: str) -> tuple[Any, Any]:
    """A leaf, and a tensor made from it that is not in order in memory."""
    if layout == "transposed":
        leaf = m.tensor(np.ascontiguousarray(values.T), requires_grad=True)
        return leaf, leaf.permute(*reversed(range(leaf.ndim)))
    leaf = m.tensor(np.ascontiguousarray(values[..., :1]), requires_grad=True)
    return leaf, leaf.expand(*values.shape)


LAID_OUT = [
    case
    for case in CASES
    if issubclass(OPS[case.op], Elementwise) and OPS[case.op].differentiable and all(case.shapes)
]


@pytest.mark.parametrize("layout", ["transposed", "expanded"])
@pytest.mark.parametrize("case", LAID_OUT, ids=lambda case: case.id)
def test_layout(case: Case, layout: str) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for m, call in ((ad, case.call), (torch, case.torch or case.call)):
        pairs = [laid_out(m, x, layout) for x in case.inputs("float64")]
        out = call(m, *[x for _, x in pairs])
        out.backward(m.ones_like(out))
        found.append([array(out), *(array(leaf.grad) for leaf, _ in pairs)])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)
