"""backward_steps: the pass that backward() runs, one step at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import autodiff as ad
from autodiff import Scalar
from autodiff.autograd import backward_steps


def programs() -> list[Callable[..., ad.Tensor]]:
    return [
        lambda x, y: (x * y).sum(),
        lambda x, y: ((x + y) * (x + y)).mean(),
        lambda x, y: (x @ y).exp().tanh(),
        lambda x, y: ad.cat([x, y, x]).max() * x.sum(),
        lambda x, y: (x + y + x).sum(),
    ]


def leaves() -> tuple[ad.Tensor, ad.Tensor]:
    return (
        ad.tensor([1.0, -2.0, 0.5], requires_grad=True),
        ad.tensor([0.25, 3.0, -1.0], requires_grad=True),
    )


@pytest.mark.parametrize("program", programs())
def test_the_steps_give_what_backward_gives(program) -> None:
    watched, plain = leaves(), leaves()
    steps = list(backward_steps(program(*watched)))
    program(*plain).backward()
    assert [step.index for step in steps] == list(range(len(steps)))
    for x, y in zip(watched, plain, strict=True):
        np.testing.assert_array_equal(x.grad.value, y.grad.value)


@pytest.mark.parametrize("program", programs())
def test_every_write_adds_up(program) -> None:
    arrived: dict = {}
    root = program(*leaves())
    for step in backward_steps(root):
        if step.node is not root.edge:
            np.testing.assert_array_equal(arrived[step.node], step.g)
        for write in step.writes:
            if write is None:
                continue
            before = 0.0 if write.before is None else write.before
            np.testing.assert_allclose(before + write.contribution, write.after)
            if write.target is not step.node:
                arrived[write.target] = write.after


def test_the_order_and_the_writes_of_a_small_graph() -> None:
    x = Scalar(3.0)
    y = x * x
    z = y + x
    steps = list(backward_steps(z))
    assert [step.node for step in steps] == [z.grad_fn, y.grad_fn, x]
    to_y, to_x = steps[0].writes
    assert (to_y.target, to_y.before, to_y.contribution, to_y.after) == (y.grad_fn, None, 1.0, 1.0)
    assert (to_x.target, to_x.before, to_x.after) == (x, None, 1.0)
    first, second = steps[1].writes
    assert (first.before, first.contribution, first.after) == (1.0, 3.0, 4.0)
    assert (second.before, second.contribution, second.after) == (4.0, 3.0, 7.0)
    (delivery,) = steps[2].writes
    assert (delivery.target, delivery.before, delivery.after) == (x, None, 7.0)


def test_a_leaf_shows_the_gradient_it_already_had() -> None:
    x = ad.tensor(3.0, requires_grad=True)
    (x * 2).backward()
    *_, last = backward_steps(x * 5)
    (write,) = last.writes
    assert (write.before, write.contribution, write.after) == (2.0, 5.0, 7.0)
    assert x.grad.item() == 7.0


def test_no_gradient_flows_to_constants() -> None:
    x = ad.tensor(3.0, requires_grad=True)
    first, *_ = backward_steps(x * 2.0)
    assert first.writes[1] is None


def test_stopping_early_leaves_the_rest_undone() -> None:
    x, y = Scalar(3.0), Scalar(4.0)
    steps = backward_steps((x * y) + y)
    next(steps)
    steps.close()
    assert x.grad is None
    assert y.grad is None


def test_nothing_happens_before_the_first_step() -> None:
    x = Scalar(3.0)
    y = x * x
    backward_steps(y)
    assert x.grad is None
    assert not y.grad_fn.is_released


def test_only_watching_changes_nothing() -> None:
    x = ad.tensor([3.0, 4.0], requires_grad=True)
    (x * 1.0).sum().backward()
    before = x.grad.tolist()
    y = (x * x).sum()
    steps = list(backward_steps(y, accumulate=False, retain_graph=True))
    assert x.grad.tolist() == before
    assert len(steps) == 3
    y.backward()
    assert x.grad.tolist() == [7.0, 9.0]


def test_steps_seen_later_still_hold_their_numbers() -> None:
    """What a step showed must not change while the pass goes on."""
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    shown, kept = [], []
    for step in backward_steps((x * x + x).sum()):
        for write in step.writes:
            if write is not None:
                kept.append(write.after)
                shown.append(np.array(write.after))
    for then, now in zip(shown, kept, strict=True):
        np.testing.assert_array_equal(then, now)


def test_saved_values_are_freed_as_in_backward() -> None:
    x = Scalar(3.0)
    y = x * x
    list(backward_steps(y))
    assert y.grad_fn.is_released
    z = x * x
    list(backward_steps(z, retain_graph=True))
    assert not z.grad_fn.is_released


def test_steps_of_a_recorded_pass_are_differentiable() -> None:
    x = ad.tensor(2.0, requires_grad=True)
    *_, last = backward_steps(x**3, create_graph=True)
    assert last.g.requires_grad
    assert ad.autograd.grad(last.g, x)[0].item() == 12.0


def test_errors_are_those_of_backward() -> None:
    with pytest.raises(RuntimeError, match="does not require grad"):
        backward_steps(ad.tensor(1.0))
    with pytest.raises(RuntimeError, match="only for scalar outputs"):
        backward_steps(ad.ones(2, requires_grad=True) * 2)
