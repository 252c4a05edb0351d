"""The two-moons demonstration of micrograd on Scalars: the same loss, the same gradients."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import autodiff as ad

pytestmark = pytest.mark.parity


def test_two_moons(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = pytest.importorskip("micrograd.engine")
    pytest.importorskip("sklearn")
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    from moons import moons_step

    results = []
    for number in (ad.Scalar, engine.Value):
        step, parameters = moons_step(number)
        loss = step()
        results.append((float(getattr(loss, "value", getattr(loss, "data", 0))), parameters))
    (ours, our_parameters), (theirs, their_parameters) = results
    assert ours == pytest.approx(theirs, rel=1e-12)
    assert len(our_parameters) == 337
    for p, q in zip(our_parameters, their_parameters, strict=True):
        assert p.grad == pytest.approx(q.grad, rel=1e-9, abs=1e-12)
