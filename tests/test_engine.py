"""The engine: order, accumulation, freeing, gradients as values, hooks."""

from __future__ import annotations

import gc

import numpy as np
import pytest

import autodiff as ad
from autodiff import Scalar
from autodiff.autograd import backward, grad
from autodiff.graph import topological_order


def leaf(*values: float) -> ad.Tensor:
    return ad.tensor(values if len(values) > 1 else values[0], requires_grad=True)


# -- order and accumulation -------------------------------------------------------------------


def test_a_chain_of_a_million_nodes() -> None:
    x = Scalar(1.0)
    y = x
    for _ in range(1_000_000):
        y = y + 1.0
    y.backward()
    assert (y.item(), x.grad) == (1_000_001.0, 1.0)
    del y  # freeing the chain must not recurse either
    gc.collect()


def test_a_value_used_twice_waits_for_both_contributions() -> None:
    a = leaf(3.0)
    b = a + a
    (b + b).backward()
    assert a.grad.item() == 4.0


def test_a_value_times_itself() -> None:
    x = leaf(3.0)
    (x * x).backward()
    assert x.grad.item() == 6.0


def test_a_deep_diamond_is_visited_once_per_node() -> None:
    x = Scalar(1.0)
    y = x
    for _ in range(60):
        y = y + y
    assert len(topological_order([y.edge])) == 61
    y.backward()
    assert x.grad == 2.0**60


def test_every_node_comes_before_its_inputs() -> None:
    x, y = leaf(2.0), leaf(3.0)
    a = x * y
    b = a + x
    order = topological_order([(a * b * b).edge])
    place = {node: i for i, node in enumerate(order)}
    assert all(place[node] < place[x] for node in order for x in node.inputs if x is not None)


def test_a_leaf_with_hooks_comes_as_soon_as_its_gradient_is_complete() -> None:
    x, w, v, shared = leaf(2.0), leaf(3.0), leaf(5.0), leaf(7.0)
    for z in (w, v, shared):
        z.register_post_accumulate_grad_hook(lambda z: None)
    first = x * w * shared
    last = first * v
    out = last * shared
    order = topological_order([out.edge])
    nodes = [out.edge, last.edge, v, first.edge, shared]
    assert order[:5] == nodes
    assert order[6] is w
    place = {node: i for i, node in enumerate(order)}
    assert all(place[node] < place[x] for node in order for x in node.inputs if x is not None)


def test_a_second_pass_accumulates_on_leaves_only() -> None:
    x = leaf(3.0)
    y = x * x
    y.retain_grad()
    z = y * 2
    z.backward(retain_graph=True)
    z.backward()
    assert x.grad.item() == 24.0  # 12 + 12; doubling the intermediate would give 36
    assert y.grad.item() == 4.0


def test_two_graphs_accumulate_on_their_shared_leaf() -> None:
    x = leaf(3.0)
    (x * 2).backward()
    (x * 5).backward()
    assert x.grad.item() == 7.0


def test_accumulation_keeps_the_gradient_object() -> None:
    x = leaf(3.0)
    (x * 2).backward()
    first = x.grad
    (x * 5).backward()
    assert x.grad is first


def test_a_leaf_is_its_own_root() -> None:
    x = leaf(3.0)
    x.backward()
    assert x.grad.item() == 1.0


def test_several_roots_are_one_pass() -> None:
    x = leaf(2.0)
    a = x * x
    backward([a * 3, a * 4])
    assert x.grad.item() == 28.0


def test_the_same_root_twice_counts_twice() -> None:
    x = leaf(2.0)
    y = x * 3
    backward([y, y])
    assert x.grad.item() == 6.0


def test_roots_with_their_vectors() -> None:
    x = leaf(1.0, 2.0)
    backward([x * 2, x * 3], [ad.tensor([1.0, 10.0]), ad.tensor([100.0, 1000.0])])
    assert x.grad.tolist() == [302.0, 3020.0]


def test_backward_into_chosen_inputs_only() -> None:
    x, y = leaf(2.0), leaf(5.0)
    a = x * y
    (a * a).backward(inputs=[x, a])
    assert x.grad.item() == 100.0
    assert y.grad is None
    assert a.grad.item() == 20.0


# -- freeing ------------------------------------------------------------------------------------


def test_a_product_cannot_be_differentiated_twice() -> None:
    y = leaf(2.0) * leaf(3.0)
    y.backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        y.backward()


def test_a_sum_saves_nothing_and_can() -> None:
    x = leaf(2.0)
    y = x + x
    y.backward()
    y.backward()
    assert x.grad.item() == 4.0


def test_retain_graph_keeps_what_was_saved() -> None:
    x = leaf(2.0)
    y = x * x
    y.backward(retain_graph=True)
    assert not y.grad_fn.is_released
    y.backward()
    assert x.grad.item() == 8.0
    assert y.grad_fn.is_released


def test_a_failed_second_pass_leaves_gradients_alone() -> None:
    x = leaf(2.0)
    y = x * x
    z = y + x
    y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        z.backward()
    assert x.grad.item() == 4.0 or x.grad.item() == 5.0  # what was delivered before the failure


def test_saved_values_are_let_go() -> None:
    x = ad.ones(100_000, requires_grad=True)
    y = (x * 2).exp()
    saved = y.grad_fn.saved[0]
    assert np.shares_memory(saved, y.value)
    y.sum().backward()
    assert y.grad_fn.saved is None


# -- in-place writes between saving and using --------------------------------------------------


def test_a_saved_output_that_was_changed_is_noticed() -> None:
    y = leaf(1.0).exp()
    y.add_(1.0)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_the_square_does_not_save_its_output() -> None:
    x = leaf(3.0)
    y = x**2
    y.add_(1.0)
    y.backward()
    assert x.grad.item() == 6.0


def test_a_saved_input_that_was_changed_is_noticed() -> None:
    w, x = leaf(1.0, 2.0), ad.tensor([3.0, 4.0])
    y = (w * x).sum()
    x[0] = 9.0
    with pytest.raises(RuntimeError, match="saved it at version 0, and it is at version 1"):
        y.backward()


def test_a_write_through_a_view_is_noticed() -> None:
    w, x = leaf(1.0, 2.0), ad.tensor([3.0, 4.0])
    y = (w * x).sum()
    x[:1].zero_()
    with pytest.raises(RuntimeError, match="inplace"):
        y.backward()


def test_an_update_between_two_passes_is_noticed() -> None:
    w = leaf(2.0)
    y = w * w
    y.backward(retain_graph=True)
    with ad.no_grad():
        w -= 0.1 * w.grad
    with pytest.raises(RuntimeError, match="inplace"):
        y.backward()


def test_create_graph_notices_changes_too() -> None:
    y = leaf(1.0).exp()
    y.add_(1.0)
    with pytest.raises(RuntimeError, match="inplace"):
        y.backward(create_graph=True)


# -- gradients as values ----------------------------------------------------------------------


def test_grad_writes_no_grad() -> None:
    x, y = leaf(2.0), leaf(3.0)
    dx, dy = grad(x * y, [x, y])
    assert (dx.item(), dy.item()) == (3.0, 2.0)
    assert x.grad is None
    assert y.grad is None


def test_grad_of_an_intermediate_value() -> None:
    x = leaf(2.0)
    y = x * x
    assert grad(y * 3, y)[0].item() == 3.0


def test_grad_of_an_input_named_twice() -> None:
    x = leaf(2.0)
    assert [g.item() for g in grad(x * x, [x, x])] == [4.0, 4.0]


def test_gradients_as_values_share_no_memory() -> None:
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    seed = ad.tensor([1.0, 1.0])
    dx, dy = grad(x + y, [x, y], seed)
    assert not np.shares_memory(dx.value, dy.value)
    assert not np.shares_memory(dx.value, seed.value)


def test_an_unused_input() -> None:
    x, y = leaf(2.0), leaf(3.0)
    with pytest.raises(RuntimeError, match="not have been used in the graph"):
        grad(x * x, [x, y])
    assert grad(x * x, [x, y], allow_unused=True)[1] is None


def test_an_input_that_requires_no_grad() -> None:
    x = leaf(2.0)
    with pytest.raises(RuntimeError, match="does not require grad"):
        grad(x * x, ad.tensor(1.0))


@pytest.mark.parametrize("make", [leaf, Scalar])
def test_derivatives_to_third_order(make) -> None:
    x = make(2.0)
    y = x**4
    values = []
    for _ in range(3):
        (y,) = grad(y, x, create_graph=True)
        values.append(y.item())
    assert values == [32.0, 48.0, 48.0]


@pytest.mark.parametrize("make", [leaf, Scalar])
def test_third_derivative_of_tanh(make) -> None:
    x = make(0.3)
    y = x.tanh()
    for _ in range(3):
        (y,) = grad(y, x, create_graph=True)
    t = np.tanh(0.3)
    assert y.item() == pytest.approx(-2 * (1 - t**2) * (1 - 3 * t**2), rel=1e-5)


def test_create_graph_makes_grad_differentiable() -> None:
    x = leaf(3.0)
    (x**3).backward(create_graph=True)
    assert x.grad.requires_grad
    first = x.grad
    x.grad = None
    first.backward()
    assert x.grad.item() == 18.0


def test_without_create_graph_gradients_are_constants() -> None:
    x = leaf(3.0)
    (dx,) = grad(x**3, x)
    assert not dx.requires_grad


def test_mixed_second_derivative() -> None:
    x, y = leaf(2.0), leaf(3.0)
    (dx,) = grad(x * x * y, x, create_graph=True)
    assert grad(dx, y)[0].item() == 4.0


# -- hooks and retained gradients --------------------------------------------------------------


def test_a_hook_sees_the_complete_gradient_once() -> None:
    x = leaf(3.0)
    y = x * 1.0
    seen = []
    y.register_hook(lambda g: seen.append(g.item()))
    (y + y).backward()
    assert seen == [2.0]


def test_a_hook_can_replace_the_gradient() -> None:
    x = leaf(3.0)
    x.register_hook(lambda g: g * 10)
    (x * x).backward()
    assert x.grad.item() == 60.0


def test_hooks_run_in_order_until_removed() -> None:
    x = leaf(1.0)
    x.register_hook(lambda g: g + 1)
    times = x.register_hook(lambda g: g * 10)
    (x * 1).backward()
    assert x.grad.item() == 20.0
    times.remove()
    x.grad = None
    (x * 1).backward()
    assert x.grad.item() == 2.0


def test_a_hook_on_the_root() -> None:
    x = leaf(3.0)
    y = x * x
    y.register_hook(lambda g: g * 2)
    y.backward()
    assert x.grad.item() == 12.0


def test_hooks_under_create_graph_stay_differentiable() -> None:
    x = leaf(3.0)
    y = x * x
    y.register_hook(lambda g: g * x)
    (dx,) = grad(y, x, create_graph=True)
    assert dx.item() == 18.0
    assert grad(dx, x)[0].item() == 12.0


def test_a_scalar_hook() -> None:
    x = Scalar(3.0)
    x.register_hook(lambda g: g * 2)
    (x * x).backward()
    assert x.grad == 12.0


def test_retain_grad() -> None:
    x = leaf(3.0)
    y = x * x
    assert not y.retains_grad
    y.retain_grad()
    y.retain_grad()  # asking twice is asking once
    assert y.retains_grad
    (y * 2).backward()
    assert y.grad.item() == 2.0


def test_retained_gradients_come_after_hooks_registered_before() -> None:
    x = leaf(3.0)
    y = x * x
    y.register_hook(lambda g: g * 10)
    y.retain_grad()
    y.backward()
    assert y.grad.item() == 10.0


def test_a_hook_may_keep_what_it_saw_and_returned() -> None:
    x = leaf(1.0, 2.0)
    seen, replacement = [], ad.tensor([5.0, 5.0])
    x.register_hook(seen.append)
    x.register_hook(lambda g: replacement)
    for _ in range(2):
        (x * 3).sum().backward()
    assert x.grad.tolist() == [10.0, 10.0]
    assert replacement.tolist() == [5.0, 5.0]
    assert [g.tolist() for g in seen] == [[3.0, 3.0], [3.0, 3.0]]


def test_a_leaf_does_not_keep_the_given_gradient() -> None:
    x, v = leaf(1.0, 2.0), ad.tensor([1.0, 1.0])
    x.backward(v)
    x.backward(v)
    assert v.tolist() == [1.0, 1.0]
    assert x.grad.tolist() == [2.0, 2.0]
