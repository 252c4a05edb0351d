"""Every op under the tools of autograd: third derivatives, packed values, lines, the profile."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.autograd import grad, gradgradcheck
from autodiff.autograd.graph import record_lines, saved_tensors_hooks, source_of
from tests.cases import Case
from tests.test_ops import EXACT, SMOOTH, by_id, tensors


def gradients(case: Case, inputs: Any, create_graph: bool = False) -> list[Any]:
    """The gradients of a weighted sum of the result, so that what arrives is not all ones."""
    out = case.call(ad, *inputs)
    weights = ad.tensor(np.linspace(0.5, 1.5, out.numel()).reshape(out.shape), dtype=out.dtype)
    found = grad((out * weights).sum(), inputs, create_graph=create_graph, allow_unused=True)
    return [g for g in found if g is not None]


@by_id(EXACT)
def test_third_derivative(case: Case) -> None:
    def first(*inputs: Any) -> tuple[Any, ...]:
        return tuple(g for g in gradients(case, inputs, create_graph=True) if g.requires_grad)

    inputs = tensors(case)
    if first(*inputs):
        assert gradgradcheck(first, inputs, atol=1e-3, fast_mode=True)


@by_id(SMOOTH)
def test_saved_values_can_be_packed(case: Case) -> None:
    expected = gradients(case, tensors(case))
    inputs = tensors(case)
    packed: list[Any] = []

    def pack(x: ad.Tensor) -> int:
        packed.append(x.clone().numpy())
        return len(packed) - 1

    with saved_tensors_hooks(pack, lambda i: ad.tensor(packed[i])):
        found = gradients(case, inputs)
        again = gradients(case, inputs, create_graph=True)
    for g, h, same in zip(found, again, expected, strict=True):
        np.testing.assert_allclose(g.value, same.value, rtol=1e-14)
        np.testing.assert_allclose(h.value, same.value, rtol=1e-12)


@by_id(SMOOTH)
def test_its_line_and_its_time_are_known(case: Case) -> None:
    inputs = tensors(case)
    with record_lines(), ad.autograd.profiler.profile() as prof:
        out = case.call(ad, *inputs)
        out.backward(ad.ones_like(out))
    source = source_of(out.grad_fn)
    assert source is not None
    assert "cases" in source.file or "test_every_op" in source.file
    names = {event.name for event in prof.events}
    assert out.grad_fn.name() in names
    assert all(0 <= event.self_cpu_time_total <= event.cpu_time_total for event in prof.events)


@pytest.mark.parametrize("observer", [record_lines, lambda: saved_tensors_hooks(id, id)])
def test_nothing_stays_active(observer: Any) -> None:
    from autodiff.grad_mode import everywhere, mode

    with pytest.raises(ZeroDivisionError), observer():
        1 / 0  # noqa: B018
    assert mode.fast
    assert not mode.special
    assert everywhere.fast
