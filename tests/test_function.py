"""Functions of one's own: what ctx offers, and what is checked about their results."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
from autodiff.autograd import Function, gradcheck, gradgradcheck


class Scale(Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        return x * factor

    @staticmethod
    def backward(ctx, g):
        return g * ctx.factor, None


class SinCos(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sin(), x.cos()

    @staticmethod
    def backward(ctx, g_sin, g_cos):
        (x,) = ctx.saved_tensors
        total = ad.zeros_like(x)
        if g_sin is not None:
            total = total + g_sin * x.cos()
        if g_cos is not None:
            total = total - g_cos * x.sin()
        return total


def vector() -> ad.Tensor:
    return ad.tensor([0.3, 1.2], dtype=ad.float64, requires_grad=True)


def test_attributes_on_ctx_and_none_for_settings() -> None:
    x = vector()
    out = Scale.apply(x, 3.0)
    assert out.grad_fn.name() == "ScaleBackward"
    out.sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]


def test_trailing_nones_are_ignored() -> None:
    class Extra(Scale):
        @staticmethod
        def backward(ctx, g):
            return g * ctx.factor, None, None, None

    x = vector()
    Extra.apply(x, 2.0).sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_several_outputs() -> None:
    assert gradcheck(SinCos.apply, vector())
    assert gradgradcheck(lambda x: SinCos.apply(x)[0] * SinCos.apply(x)[1], vector())


def test_an_output_that_is_not_used_sends_zeros() -> None:
    x = vector()
    sin, cos = SinCos.apply(x)
    assert (sin.output_nr, cos.output_nr) == (0, 1)
    assert sin.grad_fn is cos.grad_fn
    cos.sum().backward()
    assert x.grad.tolist() == (-x.detach().sin()).tolist()


@pytest.mark.parametrize("materialize", [True, False])
@pytest.mark.parametrize("make", [vector, lambda: ad.Scalar(0.3)])
def test_zeros_for_unused_outputs_can_be_declined(make, materialize) -> None:
    seen = []

    class Twice(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(materialize)
            return x * 1, x * 2

        @staticmethod
        def backward(ctx, g, h):
            seen.append(h)
            return g

    x = make()
    ad.autograd.grad(Twice.apply(x)[0], x, ad.ones(2) if make is vector else 1.0)
    assert (seen[0] is not None) == materialize
    assert not materialize or not np.any(seen[0].value)


def test_gradients_take_the_shape_and_dtype_of_their_input() -> None:
    class Repeat(Function):
        @staticmethod
        def forward(ctx, x):
            return x + ad.zeros(3, 2)

        @staticmethod
        def backward(ctx, g):
            return g.double()

    x = ad.tensor([1.0, 2.0], requires_grad=True)
    Repeat.apply(x).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]
    assert x.grad.dtype is ad.float32


def test_integer_outputs_require_no_grad() -> None:
    class Rounded(Scale):
        @staticmethod
        def forward(ctx, x, factor):
            return x.long()

    assert not Rounded.apply(vector(), 1.0).requires_grad


def test_outputs_marked_non_differentiable() -> None:
    class SortedWithOrder(Function):
        @staticmethod
        def forward(ctx, x):
            order = ad.tensor(x.detach().numpy().argsort())
            ctx.order = order
            ctx.mark_non_differentiable(order)
            return x[order], order

        @staticmethod
        def backward(ctx, g, g_order):
            out = ad.zeros_like(g)
            out[ctx.order] = g
            return out

    x = ad.tensor([3.0, 1.0, 2.0], requires_grad=True)
    values, order = SortedWithOrder.apply(x)
    assert not order.requires_grad
    (values * ad.tensor([1.0, 10.0, 100.0])).sum().backward()
    assert x.grad.tolist() == [100.0, 1.0, 10.0]


def test_needs_input_grad() -> None:
    seen = []

    class Product(Function):
        @staticmethod
        def forward(ctx, x, y):
            ctx.save_for_backward(x, y)
            return x * y

        @staticmethod
        def backward(ctx, g):
            seen.append(ctx.needs_input_grad)
            _, y = ctx.saved_tensors
            return g * y, None

    x = vector()
    Product.apply(x, ad.ones(2, dtype=ad.float64)).sum().backward()
    assert seen == [(True, False)]


def test_saved_tensors_are_freed_and_guarded() -> None:
    x = vector()
    out = SinCos.apply(x)[0].sum()
    out.backward()
    with pytest.raises(RuntimeError, match="second time"):
        out.backward()
    y = x * 1
    out = SinCos.apply(y)[0].sum()
    y.add_(1)
    with pytest.raises(RuntimeError, match="inplace"):
        out.backward()


def test_wrong_number_of_gradients() -> None:
    class Short(Scale):
        @staticmethod
        def backward(ctx, g):
            return g * ctx.factor

    with pytest.raises(RuntimeError, match=r"expected 2, got 1"):
        Short.apply(vector(), 2.0).sum().backward()


def test_wrong_shape_of_a_gradient() -> None:
    class Summed(Scale):
        @staticmethod
        def backward(ctx, g):
            return (g * ctx.factor).sum(), None

    with pytest.raises(RuntimeError, match="invalid gradient at index 0"):
        Summed.apply(vector(), 2.0).sum().backward()


def test_one_tensor_returned_twice_gives_two_gradients() -> None:
    class Sum(Function):
        @staticmethod
        def forward(ctx, x, y):
            return x + y

        @staticmethod
        def backward(ctx, g):
            return g, g

    x, y = vector(), vector()
    Sum.apply(x, y).sum().backward()
    x.grad.zero_()
    assert y.grad.tolist() == [1.0, 1.0]


def test_forward_and_backward_must_be_written() -> None:
    class Empty(Function):
        pass

    with pytest.raises(NotImplementedError, match="forward"):
        Empty.apply(vector())


def test_without_grad_nothing_is_recorded() -> None:
    with ad.no_grad():
        assert Scale.apply(vector(), 2.0).grad_fn is None


def test_a_function_of_scalars() -> None:
    x = ad.Scalar(2.0)
    Scale.apply(x, 5.0).backward()
    assert x.grad == 5.0
