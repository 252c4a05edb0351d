"""Views share memory, versions and history; writes in place are part of the graph."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.autograd import gradcheck


def through_view(m: Any, x: Any, w: Any) -> Any:
    y = x * 2
    y[1:].mul_(w[1:])
    return y.sin()


def through_base(m: Any, x: Any, w: Any) -> Any:
    y = x * 2
    view = y[1:]
    y.mul_(w)
    return view.sin()


def two_views(m: Any, x: Any, w: Any) -> Any:
    y = x * 1
    first, second = y[:2], y[1:]
    first.mul_(w[:2])
    second.add_(w[1:])
    return first.sin() * second.cos()


def overlapping_old_values(m: Any, x: Any, w: Any) -> Any:
    """What was computed before a write keeps the gradient of the old value."""
    y = x * 1
    before = y[0] * 3
    y[0] = w[2]
    return before + y.sum()


def view_of_view(m: Any, x: Any, w: Any) -> Any:
    y = (x * 1).reshape(3, 1).expand(3, 2).clone()
    y.T[0][1:].copy_(w[:2])
    return y * w.unsqueeze(1)


def constant_base(m: Any, x: Any, w: Any) -> Any:
    y = m.zeros(3, dtype=x.dtype)
    view = y[:2]
    y[1:] = x[1:] * w[1:]
    return y.sum() + (view * x[:2]).sum()


def loop_of_assignments(m: Any, x: Any, w: Any) -> Any:
    y = m.zeros(4, dtype=x.dtype)
    y[0] = x[0]
    for i in range(3):
        y[i + 1] = y[i].clone() * w[i] + x[i]
    return y


def rows_of_a_matrix(m: Any, x: Any, w: Any) -> Any:
    y = m.stack([x, w])
    y[0] *= 3
    y[1] -= y[0]
    return y * y


def masked(m: Any, x: Any, w: Any) -> Any:
    y = x * w
    y[y > 0] = 0.5
    return y * x


def filled(m: Any, x: Any, w: Any) -> Any:
    y = x * w
    y[1:].fill_(2.0)
    y[0].zero_()
    return y * x


def positions(m: Any, x: Any, w: Any) -> Any:
    y = x * 1
    y[[2, 0]] = w[:2] * 3
    return y * y


def saved_before_the_write(m: Any, x: Any, w: Any) -> Any:
    """mul_ needs the value it overwrites: it keeps a copy."""
    y = x * 1
    y.mul_(w)
    y.sin_()
    return y + x


def result_saved(m: Any, x: Any, w: Any) -> Any:
    y = x * w
    y.exp_()
    return y * 2


def augmented(m: Any, x: Any, w: Any) -> Any:
    y = x * 1
    y += w
    y -= x * w
    y *= 2
    y /= w
    return y


def detached_in_place(m: Any, x: Any, w: Any) -> Any:
    y = x * w
    y.detach_()
    return y * x


def clone_of_leaf(m: Any, x: Any, w: Any) -> Any:
    y = x.clone()
    y[0] = 0.0
    return y * w


PROGRAMS: list[Callable[..., Any]] = [
    through_view, through_base, two_views, overlapping_old_values, view_of_view, constant_base,
    loop_of_assignments, rows_of_a_matrix, masked, filled, positions, saved_before_the_write,
    result_saved, augmented, detached_in_place, clone_of_leaf,
]  # fmt: skip
X, W = [0.5, -1.5, 2.5], [1.5, 0.75, -2.0]


def leaves(m: Any) -> tuple[Any, Any]:
    return tuple(m.tensor(v, dtype=m.float64, requires_grad=True) for v in (X, W))


@pytest.mark.parametrize(
    "program", [p for p in PROGRAMS if p is not detached_in_place], ids=lambda p: p.__name__
)
def test_gradient(program: Callable[..., Any]) -> None:
    assert gradcheck(lambda x, w: program(ad, x, w), leaves(ad))


@pytest.mark.parity
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
def test_as_in_pytorch(program: Callable[..., Any]) -> None:
    torch = pytest.importorskip("torch")
    results = []
    for m in (ad, torch):
        x, w = leaves(m)
        out = program(m, x, w)
        out.sum().backward()
        zeros = m.zeros_like(x)
        results.append([out, x.grad, zeros if w.grad is None else w.grad])
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours.tolist(), theirs.tolist(), rtol=1e-12)


# -- what is refused, and what is noticed -------------------------------------------------------


def view_of_leaf(m: Any) -> None:
    m.tensor(X, requires_grad=True)[1:].mul_(2)


def assign_to_leaf(m: Any) -> None:
    m.tensor(X, requires_grad=True)[0] = 1.0


def no_grad_view(m: Any) -> None:
    y = m.tensor(X, requires_grad=True) * 1
    with m.no_grad():
        view = y[1:]
    view.mul_(2)


def expanded(m: Any) -> None:
    m.ones(1).expand(3).add_(1)


def detach_view(m: Any) -> None:
    (m.tensor(X, requires_grad=True) * 2)[0].detach_()


def exp_then_add(m: Any) -> None:
    y = m.tensor(X, requires_grad=True).exp()
    y.add_(1)
    y.sum().backward()


def exp_in_place_then_mul(m: Any) -> None:
    y = m.tensor(X, requires_grad=True) * 1
    y.exp_()
    y.mul_(2)
    y.sum().backward()


def loop_over_saved_elements(m: Any) -> None:
    w = m.tensor(X, requires_grad=True)
    y = m.ones(4)
    for i in range(3):
        y[i + 1] = y[i] * w[i]
    y.sum().backward()


def detached_twin(m: Any) -> None:
    y = m.tensor(X, requires_grad=True) * 1
    z = y * y
    y.detach().mul_(2)
    z.sum().backward()


def view_of_saved(m: Any) -> None:
    y = m.tensor(X, requires_grad=True) * 1
    z = y * y
    y[0] = 0.0
    z.sum().backward()


def saved_view_base_written(m: Any) -> None:
    y = m.tensor(X, requires_grad=True) * 1
    z = y[1:].square()
    y.add_(1)
    z.sum().backward()


def optimizer_between_backwards(m: Any) -> None:
    w = m.nn.Parameter(m.tensor(X))
    loss = (w * w).sum()
    loss.backward(retain_graph=True)
    m.optim.SGD([w], lr=0.1).step()
    loss.backward()


REFUSED = [
    view_of_leaf, assign_to_leaf, no_grad_view, expanded, detach_view, exp_then_add,
    exp_in_place_then_mul, loop_over_saved_elements, detached_twin, view_of_saved,
    saved_view_base_written, optimizer_between_backwards,
]  # fmt: skip


@pytest.mark.parametrize("program", REFUSED, ids=lambda p: p.__name__)
def test_refused(program: Callable[..., Any]) -> None:
    with pytest.raises(RuntimeError):
        program(ad)


@pytest.mark.parity
@pytest.mark.parametrize("program", REFUSED, ids=lambda p: p.__name__)
def test_refused_by_pytorch_too(program: Callable[..., Any]) -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(RuntimeError) as theirs:
        program(torch)
    with pytest.raises(RuntimeError) as ours:
        program(ad)
    first_words = 28
    assert str(ours.value)[:first_words] == str(theirs.value)[:first_words]


def test_the_error_names_the_op_and_both_lines() -> None:
    x = ad.tensor(X, requires_grad=True)
    with ad.autograd.graph.record_lines():
        y = x.exp()  # saved here
    y.add_(1)  # changed here
    with pytest.raises(RuntimeError) as caught:
        y.sum().backward()
    message = str(caught.value)
    assert "ExpBackward0" in message
    assert "y = x.exp()  # saved here" in message
    assert "y.add_(1)  # changed here" in message


def test_data_is_not_noticed() -> None:
    x = ad.tensor(X, requires_grad=True)
    y = x * 1
    z = (y * y).sum()
    y.data.mul_(2)
    z.backward()
    assert x.grad.tolist() == [4 * v for v in X]


# -- names, leaves, memory ----------------------------------------------------------------------


def test_names_after_a_write_to_a_view() -> None:
    y = ad.tensor(X, requires_grad=True) * 1
    view = y[1:]
    view.mul_(2)
    assert y.grad_fn.name() == "CopySlices"
    assert [f.name() for f, _ in y.grad_fn.next_functions] == ["MulBackward0", "MulBackward0"]
    assert view.grad_fn.next_functions[0][0] is y.grad_fn


def test_a_constant_base_joins_the_graph() -> None:
    y = ad.zeros(3)
    view = y[:2]
    view.mul_(ad.tensor([1.0, 2.0], requires_grad=True))
    assert y.requires_grad
    assert not y.is_leaf


def test_memory_is_shared_in_both_directions() -> None:
    a = np.zeros((2, 3), np.float32)
    x = ad.from_numpy(a)
    row = x[0]
    a[0, 0] = 1
    row[1] = 2
    x.T[2, 0] = 3
    assert a[0].tolist() == row.tolist() == x[0].tolist() == [1, 2, 3]
    x.numpy()[1] = 7
    assert a[1].tolist() == [7, 7, 7]
    assert row._version == x._version == 2  # what NumPy writes is not counted, as in PyTorch


def test_an_empty_tensor_can_be_written_to() -> None:
    """NumPy gives it strides of 0, as it gives those that repeat an element."""
    x = ad.zeros(0, 3)
    x.copy_(ad.ones(0, 3))
    x += 1
    assert x.shape == (0, 3)


def test_retained_gradient_follows_the_tensor() -> None:
    x = ad.tensor(X, requires_grad=True)
    y = x * 2
    y.retain_grad()
    y.mul_(3)
    y.sum().backward()
    assert y.grad.tolist() == [1.0, 1.0, 1.0]
    assert x.grad.tolist() == [6.0, 6.0, 6.0]


def test_a_base_forgets_views_that_are_gone() -> None:
    x = ad.zeros(10)
    for _ in range(1000):
        x[1:]
    assert len(x.views) < 10


def test_a_view_keeps_its_base_and_not_the_other_way_round() -> None:
    base = ad.zeros(3)
    view = base[1:]
    gone = weakref.ref(view)
    del view
    gc.collect()
    assert gone() is None
    view = base[1:]
    kept = weakref.ref(base)
    del base
    assert kept() is view.base


def test_a_failed_write_leaves_the_graph_alone() -> None:
    x = ad.tensor(X, requires_grad=True)
    y = x * 2
    with pytest.raises(RuntimeError):
        y[1:].add_(ad.ones(2, 3))
    with pytest.raises(RuntimeError):
        y[1:].copy_(ad.ones(5))
    y.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0, 2.0]
    assert y._version == 0


def test_an_op_that_saves_its_input_and_its_result() -> None:
    """In place one takes the other's memory, and both are asked for in the backward pass."""
    x = ad.tensor([3.0, -4.0], dtype=ad.float64, requires_grad=True)
    y = x * 1
    y.hypot_(2 * x)
    y.sum().backward()
    assert x.grad.tolist() == pytest.approx([5**0.5, -(5**0.5)])
