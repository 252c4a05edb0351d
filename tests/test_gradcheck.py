"""The gradient checker itself: it must accept right rules and reject every kind of wrong one."""

from __future__ import annotations

import inspect

import pytest

import autodiff as ad
from autodiff.autograd import Function, GradcheckError, gradcheck, gradgradcheck


def rule(backward):
    """A Function that computes x * x * y, with the given backward."""

    class Product(Function):
        @staticmethod
        def forward(ctx, x, y):
            ctx.save_for_backward(x, y)
            return x * x * y

    Product.backward = staticmethod(backward)
    return Product.apply


def right(ctx, g):
    x, y = ctx.saved_tensors
    return g * 2 * x * y, g * x * x


WRONG = {
    "sign": lambda ctx, g: (-right(ctx, g)[0], right(ctx, g)[1]),
    "factor": lambda ctx, g: (right(ctx, g)[0], right(ctx, g)[1] * 2),
    "saved value": lambda ctx, g: (right(ctx, g)[0], g * ctx.saved_tensors[1] ** 2),
    "lost contribution": lambda ctx, g: (right(ctx, g)[0] / 2, right(ctx, g)[1]),
    "forgotten input": lambda ctx, g: (right(ctx, g)[0], None),
    "ignores g": lambda ctx, g: (right(ctx, ad.ones_like(g))[0], right(ctx, g)[1]),
    "swapped": lambda ctx, g: right(ctx, g)[::-1],
}


def inputs():
    return [
        ad.tensor([0.5, -1.5, 2.0], dtype=ad.float64, requires_grad=True),
        ad.tensor([1.0, 3.0, -0.7], dtype=ad.float64, requires_grad=True),
    ]


def test_accepts_a_right_rule() -> None:
    assert gradcheck(rule(right), inputs())
    assert gradgradcheck(rule(right), inputs())


@pytest.mark.parametrize("name", WRONG)
def test_rejects_a_wrong_rule(name: str) -> None:
    f = rule(WRONG[name])
    # A second factor, so that the gradient that arrives is not 1.
    with pytest.raises(GradcheckError, match="Jacobian mismatch"):
        gradcheck(lambda x, y: f(x, y) * 3, inputs())
    assert not gradcheck(lambda x, y: f(x, y) * 3, inputs(), raise_exception=False)


def test_rejects_a_rule_that_is_right_only_at_one_point() -> None:
    """At x = 1 the square and the cube have derivatives 2 and 3; at x = 1.5 they agree."""

    class Square(Function):
        @staticmethod
        def forward(ctx, x):
            return x * x

        @staticmethod
        def backward(ctx, g):
            return g * 3

    at_one_point = ad.tensor([1.5], dtype=ad.float64, requires_grad=True)
    assert gradcheck(Square.apply, at_one_point)
    elsewhere = ad.tensor([1.5, 1.0], dtype=ad.float64, requires_grad=True)
    with pytest.raises(GradcheckError, match=r"element \[1\]"):
        gradcheck(Square.apply, elsewhere)


def test_rejects_a_wrong_second_derivative() -> None:
    class Cube(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * (3 * x**2).detach()  # right, and cut off from x

    x = ad.tensor([0.5, 2.0], dtype=ad.float64, requires_grad=True)
    assert gradcheck(Cube.apply, x)
    with pytest.raises(GradcheckError):
        gradgradcheck(Cube.apply, x)


def test_names_input_element_and_both_values() -> None:
    f = rule(WRONG["factor"])
    with pytest.raises(GradcheckError) as caught:
        gradcheck(f, inputs())
    message = str(caught.value)
    assert "input 1" in message
    assert "element [0]" in message
    assert "analytical 0.5" in message
    assert "numerical 0.25" in message


def test_checks_every_output() -> None:
    x, y = inputs()
    wrong = rule(WRONG["sign"])
    with pytest.raises(GradcheckError, match="output 1"):
        gradcheck(lambda x, y: (x * y, wrong(x, y)), [x, y])


def test_warns_about_float32() -> None:
    x = ad.tensor([1.0], requires_grad=True)
    with pytest.warns(UserWarning, match="float64"):
        gradcheck(lambda x: x * 2, x, eps=1e-2)


def test_needs_an_input_that_requires_grad() -> None:
    with pytest.raises(ValueError, match="requires grad"):
        gradcheck(lambda x: x * 2, ad.tensor([1.0], dtype=ad.float64))


def test_rejects_a_function_that_cuts_the_graph() -> None:
    with pytest.raises(GradcheckError, match=r"analytical 0, numerical 0\.5"):
        gradcheck(lambda x, y: x.detach() * y.detach(), inputs()[::-1])
    assert gradcheck(lambda x, y: (x.detach() > 0).double(), inputs())


def test_rejects_a_missing_accumulation() -> None:
    """Rows repeated by broadcasting must give their contributions back, all of them."""

    class Repeat(Function):
        @staticmethod
        def forward(ctx, x):
            return x + ad.zeros(2, 3, dtype=ad.float64)

        @staticmethod
        def backward(ctx, g):
            return g[0]

    with pytest.raises(GradcheckError):
        gradcheck(Repeat.apply, inputs()[:1])


def test_inputs_that_need_no_grad_are_passed_on() -> None:
    x, _ = inputs()
    assert gradcheck(lambda x, k, s: x * k * s, [x, ad.full((3,), 2.0, dtype=ad.float64), 3.0])


def test_the_inputs_stay_as_they_were() -> None:
    x, y = inputs()
    gradcheck(lambda x, y: x * y, [x, y])
    assert x.tolist() == [0.5, -1.5, 2.0]
    assert x.grad is None


def test_kinks_and_tolerances() -> None:
    x = ad.tensor([0.0], dtype=ad.float64, requires_grad=True)
    assert not gradcheck(lambda x: x.abs(), x + 1e-8, raise_exception=False)
    assert gradcheck(lambda x: x.exp(), (x,), 1e-3, 1e-2)


@pytest.mark.parametrize("name", [*WRONG, "right"])
def test_fast_mode_finds_the_same_mistakes(name: str) -> None:
    f = rule(WRONG.get(name, right))
    found = gradcheck(lambda x, y: f(x, y) * 3, inputs(), fast_mode=True, raise_exception=False)
    assert found == (name == "right")


def test_fast_mode_of_second_derivatives() -> None:
    assert gradgradcheck(rule(right), inputs(), fast_mode=True)
    wrong = rule(
        lambda ctx, g: (
            g * 2 * (ctx.saved_tensors[0] * ctx.saved_tensors[1]).detach(),
            right(ctx, g)[1],
        )
    )
    with pytest.raises(GradcheckError, match="fast mode"):
        gradgradcheck(wrong, inputs(), fast_mode=True)


def test_a_backward_that_differs_from_pass_to_pass() -> None:
    passes = []

    def drifting(ctx, g):
        passes.append(1)
        return right(ctx, g)[0] + 1e-9 * len(passes), right(ctx, g)[1]

    with pytest.raises(GradcheckError, match="not reentrant"):
        gradcheck(rule(drifting), inputs())
    assert gradcheck(rule(drifting), inputs(), nondet_tol=1e-6)


def test_vectors_with_gaps_in_memory() -> None:
    assert gradgradcheck(rule(right), inputs(), gen_non_contig_grad_outputs=True)


def test_undefined_gradients_of_other_outputs() -> None:
    class Both(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 2, x * 3

    x = inputs()[:1]
    Both.backward = staticmethod(
        lambda ctx, g, h: (0 if g is None else g * 2) + (0 if h is None else h * 3)
    )
    assert gradcheck(Both.apply, x)
    Both.backward = staticmethod(lambda ctx, g, h: h if g is None else g * 2)
    with pytest.raises(GradcheckError, match="output 1"):
        gradcheck(Both.apply, x)


@pytest.mark.parametrize(
    "check", ["check_batched_grad", "check_batched_forward_grad", "check_forward_ad"]
)
def test_checks_that_are_not_there(check: str) -> None:
    with pytest.raises(NotImplementedError, match=check):
        gradcheck(rule(right), inputs(), **{check: True})


def test_gradient_dtypes_are_those_of_the_inputs() -> None:
    assert gradcheck(rule(right), inputs(), check_grad_dtypes=True)


@pytest.mark.parity
def test_takes_the_options_of_pytorch() -> None:
    torch = pytest.importorskip("torch")
    for ours, theirs in (
        (gradcheck, torch.autograd.gradcheck),
        (gradgradcheck, torch.autograd.gradgradcheck),
    ):
        names = {n: p.default for n, p in inspect.signature(ours).parameters.items()}
        expected = {n: p.default for n, p in inspect.signature(theirs).parameters.items()}
        assert names == expected
