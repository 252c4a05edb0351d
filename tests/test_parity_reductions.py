"""Sums, extremes, order and counts beside PyTorch: one table of programs, on awkward inputs.

Ties, nan, inf, zeros, single elements and none; values, dtypes, types of exceptions, first and
second derivatives, and the names of the nodes; then every dtype.
"""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.programs.compare import (
    DTYPES,
    array,
    assert_same,
    described,
    gradients,
    outcome,
    tensors_in,
)
from tests.programs.reduction import (
    ANY_OF_EQUALS,
    DERIVATIVES_DIFFER,
    INPUTS,
    PROGRAMS,
    RESULTS_DIFFER,
)

pytestmark = pytest.mark.parity


def names(m: Any, data: Any, dtype: str = "float64") -> dict[str, Any]:
    wanted = getattr(m, dtype)
    if isinstance(data, tuple):
        x = m.zeros(data, dtype=wanted)
    else:
        x = m.tensor(data, dtype=m.float64).to(wanted)
    return {"m": m, "inf": inf, "x": x.requires_grad_(wanted.is_floating_point)}


def first_and_second(m: Any, out: Any, x: Any) -> list[np.ndarray]:
    """The derivatives, zeros where there are none."""
    wanted = [t for t in tensors_in(out) if t.requires_grad]
    found = [*gradients(m, wanted, [x]), None][:2] if wanted else [None, None]
    return [np.zeros(x.shape) if g is None else array(g).reshape(x.shape) for g in found]


def has_ties(x: Any) -> bool:
    values = array(x)
    return len(np.unique(values)) < values.size


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(program: str) -> None:
    torch = pytest.importorskip("torch")
    for name, data in INPUTS.items():
        start = program.partition("(")[0]
        if (start, name) in RESULTS_DIFFER:
            continue
        ours, theirs = names(ad, data), names(torch, data)
        out, error = outcome(ad, program, ours)
        expected, wanted = outcome(torch, program, theirs)
        assert error == wanted, name
        assert_same(described(out), described(expected), 1e-6)
        if (start, name) in DERIVATIVES_DIFFER:
            continue
        if program.startswith(ANY_OF_EQUALS) and has_ties(ours["x"]):
            continue
        mine = first_and_second(ad, out, ours["x"])
        for g, t in zip(mine, first_and_second(torch, expected, theirs["x"]), strict=True):
            np.testing.assert_allclose(g, t, rtol=1e-6, atol=1e-8, err_msg=name)


@pytest.mark.parametrize("dtype", [dtype for dtype in DTYPES if dtype != "float64"])
def test_programs_of_each_dtype(dtype: str) -> None:
    torch = pytest.importorskip("torch")
    for program in PROGRAMS:
        if (program.partition("(")[0], dtype) in RESULTS_DIFFER:
            continue
        for name in ("ties", "number", "no rows", "three"):
            ours, theirs = names(ad, INPUTS[name], dtype), names(torch, INPUTS[name], dtype)
            out, error = outcome(ad, program, ours)
            expected, wanted = outcome(torch, program, theirs)
            assert error == wanted, (program, name)
            rtol = {"float16": 1e-2, "float32": 1e-5}.get(dtype, 1e-6)
            try:
                assert_same(described(out), described(expected), rtol)
            except AssertionError as difference:
                raise AssertionError(f"{program}, {name}: {difference}") from None


# Programs whose last node has another name here, because the work is split up differently.
OWN_NAMES = {
    "aminmax": "two nodes; there one with two results",
    "var_mean": "the same",
    "std_mean": "the same",
    "diff(n=0)": "the tensor itself; there a copy",
    "quantile": "squeezed; there in place",
    "max(x": "Maximum, as the function is called",
}


@pytest.mark.parametrize("program", [p for p in PROGRAMS if not any(n in p for n in OWN_NAMES)])
def test_name_of_the_last_node(program: str) -> None:
    torch = pytest.importorskip("torch")
    found = []
    for m in (ad, torch):
        out, _ = outcome(m, program, names(m, INPUTS["ties"]))
        nodes = [x.grad_fn for x in tensors_in(out) if x.grad_fn is not None]
        found.append([node.name() for node in nodes])
    assert found[0] == found[1]
