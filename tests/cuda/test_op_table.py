"""The table of op cases, computed on the GPU and on the CPU."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.op import OPS
from tests.cases import CASES, Case


def by_id(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


def host(x: Any) -> np.ndarray | None:
    return None if x is None else x.detach().cpu().numpy()


def run(case: Case, device: str, dtype: str) -> tuple[Any, list[Any]]:
    """The result of a case and the gradients of its inputs, everything made on one device."""
    ad.set_default_device(device)
    try:
        wanted = OPS[case.op].differentiable and "float" in dtype
        inputs = [ad.tensor(x, requires_grad=wanted) for x in case.inputs(dtype)]
        out = case.call(ad, *inputs)
        assert all(x.device.type == device for x in (out, *inputs))
        if out.requires_grad:
            out.backward(ad.ones_like(out))
        return host(out), [host(x.grad) for x in inputs]
    finally:
        ad.set_default_device(None)


def compare(case: Case, dtype: str, rtol: float) -> None:
    expected, expected_gradients = run(case, "cpu", dtype)
    out, gradients = run(case, "cuda", dtype)
    assert out.dtype == expected.dtype
    np.testing.assert_allclose(out, expected, rtol=rtol, atol=rtol / 10)
    for g, expected_g in zip(gradients, expected_gradients, strict=True):
        assert (g is None) == (expected_g is None)
        if g is not None:
            assert g.dtype == expected_g.dtype
            np.testing.assert_allclose(g, expected_g, rtol=rtol, atol=rtol / 10)


@by_id(CASES)
def test_values_and_gradients(case: Case) -> None:
    compare(case, "float32", 1e-4)


@by_id([case for case in CASES if case.exact])
def test_values_and_gradients_in_double_precision(case: Case) -> None:
    compare(case, "float64", 1e-9)


@by_id([case for case in CASES if case.ints])
def test_values_of_integers(case: Case) -> None:
    compare(case, "int64", 1e-6)


@by_id([case for case in CASES if OPS[case.op].differentiable and case.exact][::7])
def test_second_derivatives(case: Case) -> None:
    """A part of the table: rules record themselves on the GPU as they do on the CPU."""

    def twice(device: str) -> list[Any]:
        ad.set_default_device(device)
        try:
            inputs = [ad.tensor(x, requires_grad=True) for x in case.inputs("float64")]
            out = case.call(ad, *inputs)
            first = ad.autograd.grad(
                (out * out).sum(), inputs, create_graph=True, allow_unused=True
            )
            total = sum((g * g).sum() for g in first if g is not None)
            total.backward()
            return [host(x.grad) for x in inputs]
        finally:
            ad.set_default_device(None)

    for g, expected in zip(twice("cuda"), twice("cpu"), strict=True):
        np.testing.assert_allclose(g, expected, rtol=1e-8, atol=1e-9)
