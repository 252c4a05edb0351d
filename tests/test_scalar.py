"""Scalar: one Python float in the graph, with IEEE arithmetic."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import autodiff as ad
from autodiff import Scalar
from autodiff.op import OPS, Elementwise

INF, NAN = math.inf, math.nan


def same(x: float, y: float) -> bool:
    return x == y or (x != x and y != y)


def test_micrograds_example() -> None:
    """The expression of micrograd's README, with the numbers given there."""
    a, b = Scalar(-4.0), Scalar(2.0)
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g = g + 10.0 / f
    assert f"{g.item():.4f}" == "24.7041"
    g.backward()
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


@pytest.mark.parametrize(
    ("f", "x", "value", "gradient"),
    [
        (lambda x: 1 / x, 0.0, INF, -INF),
        (lambda x: 1 / x, -0.0, -INF, -INF),
        (lambda x: x / x, 0.0, NAN, NAN),
        (lambda x: x.log(), 0.0, -INF, INF),
        (lambda x: x.log(), -1.0, NAN, -1.0),
        (lambda x: x.log1p(), -1.0, -INF, INF),
        (lambda x: x.sqrt(), 0.0, 0.0, INF),
        (lambda x: x.sqrt(), -1.0, NAN, NAN),
        (lambda x: x.exp(), 1000.0, INF, INF),
        (lambda x: x.exp(), -1000.0, 0.0, 0.0),
        (lambda x: x * x, 1e200, INF, 2e200),
        (lambda x: x**2, 1e200, INF, 2e200),
        (lambda x: x**-1, 0.0, INF, -INF),
        (lambda x: x**0, 0.0, 1.0, 0.0),
        (lambda x: x**0.5, -1.0, NAN, NAN),
        (lambda x: x.reciprocal(), 0.0, INF, -INF),
        (lambda x: x.sigmoid(), -1000.0, 0.0, 0.0),
        (lambda x: x.sigmoid(), 1000.0, 1.0, 0.0),
        (lambda x: x.tanh(), 1000.0, 1.0, 0.0),
        (lambda x: x.sin(), INF, NAN, NAN),
        (lambda x: x.relu(), 0.0, 0.0, 0.0),
        (lambda x: x.abs(), 0.0, 0.0, 0.0),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_ieee_arithmetic_as_in_tensors(f, x, value, gradient) -> None:
    """Where Python raises, a Scalar gives what a float64 tensor gives."""
    s, t = Scalar(x), ad.tensor(x, dtype=ad.float64, requires_grad=True)
    out, expected = f(s), f(t)
    out.backward()
    expected.backward()
    assert same(out.item(), value)
    assert same(expected.item(), value)
    assert same(s.grad, gradient)
    assert same(t.grad.item(), gradient)


def test_numbers_on_either_side() -> None:
    x = Scalar(2.0)
    assert [(3 + x).item(), (3 - x).item(), (3 * x).item(), (3 / x).item(), (3**x).item()] == [
        5.0,
        1.0,
        6.0,
        1.5,
        9.0,
    ]
    assert [(x + 3).item(), (x - 3).item(), (x * 3).item(), (x / 4).item(), (x**3).item()] == [
        5.0,
        -1.0,
        6.0,
        0.5,
        8.0,
    ]
    assert [(-x).item(), (+x).item(), abs(-x).item()] == [-2.0, 2.0, 2.0]


def test_reflected_operators_have_their_own_gradients() -> None:
    for f, expected in [
        (lambda x: 3 - x, -1.0),
        (lambda x: 3 / x, -0.75),
        (lambda x: 3**x, 9 * math.log(3)),
    ]:
        x = Scalar(2.0)
        f(x).backward()
        assert x.grad == pytest.approx(expected, rel=1e-15)


def test_comparisons_are_plain_truth() -> None:
    x, y = Scalar(1.0), Scalar(2.0)
    assert [x < y, x <= 1, x > y, x >= 1, x == 1, x != y] == [True, True, False, True, True, True]


def test_what_a_scalar_is() -> None:
    x = Scalar(2)
    assert (x.item(), float(x), int(x), bool(x), bool(Scalar(0.0))) == (2.0, 2.0, 2, True, False)
    assert isinstance(x.item(), float)
    assert (x.is_leaf, x.requires_grad, x.grad, x.grad_fn) == (True, True, None, None)
    y = x * 3
    assert (y.is_leaf, y.grad_fn.name(), f"{y:.1f}") == (False, "MulBackward0", "6.0")
    assert (repr(x), repr(y)) == ("Scalar(2.0)", "Scalar(6.0, grad_fn=<MulBackward0>)")
    assert repr(y.detach()) == "Scalar(6.0, requires_grad=False)"


def test_constants_are_not_recorded() -> None:
    k = Scalar(3.0, requires_grad=False)
    assert (k * k).grad_fn is None
    x = Scalar(2.0)
    y = x * k
    assert y.grad_fn.next_functions[1] == (None, 0)
    y.backward()
    assert (x.grad, k.grad) == (3.0, None)


def test_data_can_be_assigned() -> None:
    x = Scalar(2.0)
    x.data = 5
    assert x.item() == 5.0
    assert isinstance(x.data, float)


def test_grad_is_a_float_and_a_scalar_under_create_graph() -> None:
    x = Scalar(2.0)
    (x**3).backward()
    assert isinstance(x.grad, float)
    x.grad = None
    (x**3).backward(create_graph=True)
    assert isinstance(x.grad, Scalar)
    assert x.grad.requires_grad


def test_backward_with_a_factor() -> None:
    x = Scalar(2.0)
    (x * x).backward(10.0)
    assert x.grad == 40.0


def test_from_other_numbers() -> None:
    import numpy as np

    assert Scalar(np.float32(0.5)).item() == 0.5
    assert Scalar(True).item() == 1.0
    assert Scalar(Scalar(3.0)).is_leaf


NUMBERS = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 1e30, -1e30, math.inf, -math.inf, math.nan, 800.0]
TWO_KINDS = [
    op
    for op in OPS.values()
    if issubclass(op, Elementwise)
    and op.exported
    and len(op.arguments) < 3
    and not op.function_name.startswith(("bitwise", "gcd", "lcm"))
]


def at(kind, op, *numbers: float) -> list[float]:
    """The value at these numbers, and the gradient to each of them."""
    inputs = [kind(x) for x in numbers]
    out = getattr(ad, op.function_name)(*inputs, **({"max": 1.0} if op is OPS["Clamp"] else {}))
    if not isinstance(out, (ad.Scalar, ad.Tensor)):
        return [float(out)]
    if out.grad_fn is not None:
        out.backward()
    found = [out, *(x.grad for x in inputs if x.grad is not None)]
    return [np.ravel(getattr(v, "value", v)).item() for v in found]


@pytest.mark.parametrize("op", TWO_KINDS, ids=lambda op: op.__name__)
def test_infinities_and_nan_are_a_tensors(op) -> None:
    def tensor(x: float) -> ad.Tensor:
        return ad.tensor([x], dtype=ad.float64, requires_grad=True)

    for numbers in itertools.product(NUMBERS, repeat=len(op.arguments)):
        expected = at(tensor, op, *numbers)
        np.testing.assert_allclose(at(ad.Scalar, op, *numbers), expected, 1e-9, err_msg=numbers)
