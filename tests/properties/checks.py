"""What must hold for every program: three ways to the same gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff.autograd import backward_steps, profiler
from tests.properties.programs import Program, run

__all__ = ["check_against_differences", "check_against_general_path", "check_against_torch"]


def gradients(program: Program) -> tuple[float, list[np.ndarray]]:
    """The value of a program and the gradients of its leaves, by the generated code."""
    leaves = [ad.tensor(x, requires_grad=True) for x in program.leaves()]
    out = run(program, ad, leaves)
    out.backward()
    return out.item(), [np.zeros(x.shape) if x.grad is None else x.grad.numpy() for x in leaves]


def check_against_general_path(program: Program) -> None:
    """The slow, obvious path (watched, with each op applied generally) gives the same bits."""
    value, fast = gradients(program)
    leaves = [ad.tensor(x, requires_grad=True) for x in program.leaves()]
    with profiler.profile():
        out = run(program, ad, leaves)
    for _ in backward_steps(out):
        pass
    assert out.item() == value, program
    for x, g in zip(leaves, fast, strict=True):
        slow = np.zeros(x.shape) if x.grad is None else x.grad.numpy()
        np.testing.assert_array_equal(slow, g, err_msg=str(program))


def check_against_differences(program: Program) -> None:
    """Along a random direction, the slope is what the gradients say."""
    if not program.honest:
        return
    leaves = program.leaves()
    rng = np.random.default_rng(1)
    direction = [rng.standard_normal(x.shape) for x in leaves]

    def slope(h: float) -> float:
        values = []
        for step in (h, -h):
            moved = [ad.tensor(x + step * d) for x, d in zip(leaves, direction, strict=True)]
            values.append(run(program, ad, moved).item())
        return (values[0] - values[1]) / (2 * h)

    value, found = gradients(program)
    told = sum(float((g * d).sum()) for g, d in zip(found, direction, strict=True))
    tolerance = 1e-5 * max(1.0, abs(told), abs(value))
    measured = slope(1e-6)
    if abs(measured - told) > tolerance and abs(measured - slope(1e-7)) < tolerance:
        # Else a kink lies within the step, and there is no slope to compare with.
        raise AssertionError(f"the slope is {measured}, not {told}:\n{program}")


def check_against_torch(program: Program, torch: Any) -> None:
    """PyTorch computes the same value and the same gradients."""
    value, found = gradients(program)
    leaves = [torch.tensor(x, requires_grad=True) for x in program.leaves()]
    out = run(program, torch, leaves)
    out.backward()
    np.testing.assert_allclose(value, out.item(), rtol=1e-9, atol=1e-9, err_msg=str(program))
    for x, g in zip(leaves, found, strict=True):
        theirs = np.zeros(x.shape) if x.grad is None else x.grad.numpy()
        np.testing.assert_allclose(g, theirs, rtol=1e-7, atol=1e-8, err_msg=str(program))
