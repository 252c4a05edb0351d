"""Every op, from the one table of cases: values, gradients, second derivatives, dtypes, memory."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.autograd import backward_steps, gradcheck, gradgradcheck
from autodiff.methods import OPERATORS
from autodiff.op import OPS, Elementwise, Op
from tests.cases import CASES, Case

SMOOTH = [case for case in CASES if OPS[case.op].differentiable]
SCALAR_CASES = [
    case
    for case in CASES
    if issubclass(OPS[case.op], Elementwise)
    and all(shape == () for shape in case.shapes)
    and not case.op.startswith(("Bitwise", "Gcd", "Lcm"))  # for integers only
]


def by_id(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


def tensors(case: Case, dtype: str = "float64", requires_grad: bool = True) -> list[ad.Tensor]:
    return [ad.tensor(x, requires_grad=requires_grad) for x in case.inputs(dtype)]


def ops_without_a_case() -> set[str]:
    return set(OPS) - {case.op for case in CASES}


def test_every_op_has_a_case() -> None:
    assert not ops_without_a_case()


def test_an_op_without_a_case_is_noticed() -> None:
    class Unheard(Op):
        """An op that nobody tests."""

        formula = "x"

        def forward(x):  # noqa: N805
            return x

    try:
        assert ops_without_a_case() == {"Unheard"}
    finally:
        del OPS["Unheard"]


def test_every_case_uses_its_op() -> None:
    for case in SMOOTH:
        out = case.call(ad, *tensors(case))
        seen, stack = set(), [out.grad_fn]
        while stack:
            node = stack.pop()
            seen.add(type(node).__name__)
            stack += [x for x in getattr(node, "inputs", ()) if isinstance(x, Op)]
        assert case.op in seen, case.id


@by_id(CASES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_value(case: Case, dtype: str) -> None:
    inputs = case.inputs(dtype)
    out = case.call(ad, *(ad.tensor(x) for x in inputs))
    expected = np.asarray(case.oracle(*inputs))
    assert out.shape == expected.shape
    assert out.value.dtype == expected.dtype
    np.testing.assert_allclose(out.value, expected, rtol=1e-5 if dtype == "float32" else 1e-12)


@by_id([case for case in CASES if case.ints])
def test_value_of_integers(case: Case) -> None:
    inputs = case.inputs("int64")
    out = case.call(ad, *(ad.tensor(x) for x in inputs))
    np.testing.assert_array_equal(out.value, case.oracle(*inputs))


@by_id(CASES)
def test_value_of_non_contiguous_inputs(case: Case) -> None:
    inputs = case.inputs("float64")
    strided = [ad.from_numpy(np.asfortranarray(x) if x.ndim else x) for x in inputs]
    plain = case.call(ad, *(ad.tensor(x) for x in inputs))
    np.testing.assert_allclose(case.call(ad, *strided).value, plain.value, rtol=1e-12)


EXACT = [case for case in SMOOTH if case.exact]


@by_id(EXACT)
def test_gradient(case: Case) -> None:
    assert gradcheck(lambda *xs: case.call(ad, *xs), tensors(case))


@by_id(EXACT)
def test_second_derivative(case: Case) -> None:
    assert gradgradcheck(lambda *xs: case.call(ad, *xs), tensors(case), atol=1e-4)


@by_id(SMOOTH)
def test_gradients_have_the_dtype_and_shape_of_their_inputs(case: Case) -> None:
    inputs = tensors(case, "float32")
    out = case.call(ad, *inputs)
    out.backward(ad.ones_like(out))
    for x in inputs:
        assert x.grad.value.dtype == np.float32
        assert x.grad.shape == x.shape


@by_id(SMOOTH)
def test_gradients_share_no_memory(case: Case) -> None:
    inputs = tensors(case)
    out = case.call(ad, *inputs)
    seed = ad.ones_like(out)
    out.backward(seed)
    owned = [x.grad.value for x in inputs]
    others = [x.value for x in inputs] + [out.value, seed.value]
    for i, g in enumerate(owned):
        assert not any(np.shares_memory(g, other) for other in owned[:i] + others)


@by_id(SMOOTH)
def test_only_the_gradients_asked_for_are_computed(case: Case) -> None:
    everything = tensors(case)
    out = case.call(ad, *everything)
    out.backward(ad.ones_like(out))
    for i in range(len(everything)):
        inputs = tensors(case, requires_grad=False)
        inputs[i].requires_grad_()
        alone = case.call(ad, *inputs)
        alone.backward(ad.ones_like(alone))
        np.testing.assert_allclose(inputs[i].grad.value, everything[i].grad.value)
        assert all(x.grad is None for j, x in enumerate(inputs) if j != i)


@by_id(SCALAR_CASES)
def test_scalar_computes_what_tensor_computes(case: Case) -> None:
    numbers = [float(x) for x in case.inputs("float64")]
    scalars = [ad.Scalar(x) for x in numbers]
    leaves = tensors(case)
    ours, theirs = case.call(ad, *scalars), case.call(ad, *leaves)
    assert float(ours) == pytest.approx(float(theirs.item()), rel=1e-12)
    if OPS[case.op].differentiable:
        ours.backward()
        theirs.backward()
        for s, x in zip(scalars, leaves, strict=True):
            assert s.grad == pytest.approx(x.grad.item(), rel=1e-12)


@by_id(SCALAR_CASES)
def test_fast_path_equals_general_path(case: Case) -> None:
    """A tensor that wants a gradient takes the generated path; with a constant the general one."""
    if not OPS[case.op].differentiable or len(case.shapes) < 2:
        pytest.skip("the general path cannot be forced")
    fast_inputs, general_inputs = tensors(case), tensors(case)
    fast = case.call(ad, *fast_inputs)
    general = OPS[case.op].apply(*general_inputs)
    assert type(fast.grad_fn) is type(general.grad_fn)
    fast.backward()
    general.backward()
    assert fast.item() == general.item()
    for x, y in zip(fast_inputs, general_inputs, strict=True):
        assert x.grad.item() == y.grad.item()


def test_elementwise_methods_take_the_generated_path() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    for name in ("exp", "relu", "maximum", "mul"):
        getattr(x, name)(*[x] * (len(OPS[name.title()].arguments) - 1))
        assert getattr(ad.Tensor, name).__code__.co_filename == "<generated apply>"


ARITHMETIC = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv,
    "pow": operator.pow,
}  # fmt: skip


@pytest.mark.parametrize("name", ARITHMETIC)
@pytest.mark.parametrize("number", [3, 2.5])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_path_with_a_number_equals_the_general_one(name: str, number: Any, dtype: str) -> None:
    f, op = ARITHMETIC[name], OPERATORS[name]
    values = np.array([0.5, 1.5, 2.5], dtype)
    for number_first in (False, True):
        x, y = (ad.tensor(values, requires_grad=True) for _ in range(2))
        fast = f(number, x) if number_first else f(x, number)
        inputs = (number, y) if number_first else (y, number)
        general = ad.Tensor._apply_generally(op, inputs, {})
        assert fast.dtype is general.dtype
        np.testing.assert_array_equal(fast.value, general.value)
        for out in (fast, general):
            out.sum().backward()
        np.testing.assert_allclose(x.grad.value, y.grad.value, rtol=1e-6)


@pytest.mark.parametrize("name", ["add", "sub", "mul", "truediv", "pow"])
def test_a_constant_beside_a_wanted_input(name: str) -> None:
    f = ARITHMETIC[name]
    for wanted in (0, 1):
        leaves = [ad.tensor([1.5, 2.0]), ad.tensor([0.5, 3.0])]
        both = [x.clone().requires_grad_() for x in leaves]
        leaves[wanted].requires_grad_()
        f(*leaves).sum().backward()
        f(*both).sum().backward()
        np.testing.assert_array_equal(leaves[wanted].grad.value, both[wanted].grad.value)
        assert leaves[1 - wanted].grad is None


@by_id(SMOOTH)
def test_a_watched_pass_gives_the_same_gradients(case: Case) -> None:
    """Nodes that add what they send on themselves, against the loop that shows each step."""
    plain, watched = tensors(case), tensors(case)
    out = case.call(ad, *plain)
    out.backward(ad.ones_like(out))
    seen = case.call(ad, *watched)
    assert list(backward_steps(seen, ad.ones_like(seen)))
    for x, y in zip(plain, watched, strict=True):
        np.testing.assert_array_equal(x.grad.value, y.grad.value)
    assert out.grad_fn.is_released == seen.grad_fn.is_released


def test_two_gradients_of_one_sum_are_separate() -> None:
    a = ad.tensor([1.0], requires_grad=True)
    b = ad.tensor([2.0], requires_grad=True)
    (a + b).sum().backward()
    a.grad.zero_()
    assert b.grad.tolist() == [1.0]


def test_the_gradient_of_a_cast_is_cast_back() -> None:
    x = ad.tensor([1.0, 2.0], dtype=ad.float64, requires_grad=True)
    (x.to(ad.float32) * 3).sum().backward()
    assert x.grad.dtype is ad.float64
    assert x.grad.tolist() == [3.0, 3.0]


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda x: x.max(), [0.0, 0.5, 0.5]),
        (lambda x: x.amax(0), [0.0, 0.5, 0.5]),
        (lambda x: (-x).min(), [0.0, -0.5, -0.5]),
        (lambda x: x.max(0).values, [0.0, 1.0, 0.0]),
        (lambda x: x.maximum(ad.tensor([1.0, 4.0, 3.0])).sum(), [0.5, 0.0, 0.5]),
        (lambda x: x.minimum(ad.tensor([1.0, 4.0, 3.0])).sum(), [0.5, 1.0, 0.5]),
        (lambda x: x.clamp(1.0, 2.0).sum(), [1.0, 0.0, 0.0]),
    ],
)
def test_ties_share_the_gradient(f, expected) -> None:
    """As in PyTorch; finite differences have nothing to say about kinks."""
    x = ad.tensor([1.0, 3.0, 3.0], requires_grad=True)
    f(x).backward()
    assert x.grad.tolist() == expected


@by_id([case for case in SMOOTH if OPS[case.op].fast is not None and case.exact])
def test_the_path_of_one_input_equals_the_general_one(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast_inputs, general_inputs = tensors(case), tensors(case)
    fast = case.call(ad, *fast_inputs)
    monkeypatch.setattr(ad.Tensor, "_apply", staticmethod(ad.Tensor._apply_generally))
    general = case.call(ad, *general_inputs)
    np.testing.assert_array_equal(fast.value, general.value)
    assert repr(fast.grad_fn) == repr(general.grad_fn)
    assert fast.grad_fn.like == general.grad_fn.like
    assert fast._version == general._version
    for out, inputs in ((fast, fast_inputs), (general, general_inputs)):
        out.backward(ad.ones_like(out))
        assert inputs[0].grad is not None
    np.testing.assert_array_equal(fast_inputs[0].grad.value, general_inputs[0].grad.value)
