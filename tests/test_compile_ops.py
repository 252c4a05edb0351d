"""Every op, from the table of cases: a compiled call and its gradients equal the eager ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.errors.compiler import NotFollowedError
from autodiff.op import OPS
from tests.cases import CASES, Case

VALUES_DECIDE_SHAPES = {"MaskedSelect", "MaskedScatter"}


def turned(x: np.ndarray) -> np.ndarray:
    """Other numbers of the same range: the elements in reverse order."""
    return x.reshape(-1)[::-1].reshape(x.shape).copy()


def gradients(out: Any, inputs: list[ad.Tensor]) -> list[np.ndarray | None]:
    if out.requires_grad:
        out.backward(ad.ones_like(out.detach()) * 0.5)
    return [None if x.grad is None else x.grad.numpy() for x in inputs]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_compiled_equals_eager(case: Case, dtype: str) -> None:
    near = {"rtol": 1e-9, "atol": 1e-12} if dtype == "float64" else {"rtol": 2e-4, "atol": 2e-5}
    smooth = OPS[case.op].differentiable
    compiled = ad.compile(lambda *xs: case.call(ad, *xs))
    for change in (np.array, turned, np.array):
        arrays = [change(x) for x in case.inputs(dtype)]
        eager = [ad.tensor(x, requires_grad=smooth) for x in arrays]
        ours = [ad.tensor(x, requires_grad=smooth) for x in arrays]
        expected = case.call(ad, *eager)
        if case.op in VALUES_DECIDE_SHAPES:
            with pytest.raises(NotFollowedError):
                compiled(*ours)
            return
        found = compiled(*ours)
        assert found.dtype == expected.dtype
        assert found.requires_grad == expected.requires_grad
        np.testing.assert_allclose(found.detach().numpy(), expected.detach().numpy(), **near)
        for g, wanted in zip(gradients(found, ours), gradients(expected, eager), strict=True):
            assert (g is None) == (wanted is None)
            if g is not None and wanted is not None:
                np.testing.assert_allclose(g, wanted, **near)
