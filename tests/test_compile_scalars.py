"""autodiff.compile on graphs of single numbers."""

from __future__ import annotations

from typing import Any

import pytest

import autodiff as ad
from autodiff import Scalar
from autodiff.errors.compiler import NotFollowedError


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path_factory.getbasetemp() / "programs"))


def neuron(w: Scalar, x: Scalar, b: Scalar) -> Scalar:
    s = w * x + b
    y = s.tanh()
    return (y - 1) ** 2 + w.exp() / (x * x + 2)


def test_a_neuron() -> None:
    compiled = ad.compile(neuron)
    for numbers in ((0.5, 2.0, -0.3), (1.5, -1.0, 0.2), (0.1, 0.2, 0.3)):
        ours, theirs = [Scalar(v) for v in numbers], [Scalar(v) for v in numbers]
        out, expected = compiled(*ours), neuron(*theirs)
        assert out.value == pytest.approx(expected.value)
        out.backward()
        expected.backward()
        assert [x.grad for x in ours] == pytest.approx([x.grad for x in theirs])
    assert "s = mul + b" in compiled.source


def test_a_neuron_in_a_larger_graph() -> None:
    compiled = ad.compile(neuron)
    for _ in range(2):
        w, v = Scalar(0.5), Scalar(0.5)
        (compiled(w * 2, w, Scalar(1.0)) * 3).backward()
        (neuron(v * 2, v, Scalar(1.0)) * 3).backward()
        assert w.grad == pytest.approx(v.grad)


@pytest.mark.parametrize("width", [2, 60], ids=["lines", "loops"])
def test_a_training_step(width: int) -> None:
    def step_of(weights: list[Scalar]) -> Any:
        def step() -> Scalar:
            for w in weights:
                w.grad = None
            loss = sum(((w * i - 1).relu() * w + w**3) for i, w in enumerate(weights))
            loss.backward()
            return loss

        return step

    ours, theirs = ([Scalar(0.01 * i + 0.1) for i in range(width)] for _ in range(2))
    compiled, eager = ad.compile(step_of(ours)), step_of(theirs)
    for _ in range(3):
        assert compiled().value == pytest.approx(eager().value)
        for w, v in zip(ours, theirs, strict=True):
            assert w.grad == pytest.approx(v.grad)
            w.data -= 0.1 * w.grad
            v.data -= 0.1 * v.grad
    assert ("for i in range(" in compiled.source) == (width == 60)


def test_gradients_accumulate() -> None:
    w = Scalar(3.0)
    f = ad.compile(lambda: (w * w).backward())
    for times in (1, 2, 3):
        f()
        assert w.grad == 6 * times


@pytest.mark.parametrize(
    "ask", [lambda x: x if x > 0 else -x, lambda x: x * x.item(), lambda x: x * x.data]
)
def test_values_cannot_be_asked_for(ask: Any) -> None:
    with pytest.raises(NotFollowedError):
        ad.compile(ask)(Scalar(1.0))


@pytest.mark.slow
def test_two_moons() -> None:
    from benchmarks.moons import moons_step

    eager, theirs = moons_step(Scalar)
    step, ours = moons_step(Scalar)
    compiled = ad.compile(step)
    expected = eager()
    for _ in range(2):
        assert compiled().value == pytest.approx(expected.value)
    assert [p.grad for p in ours] == pytest.approx([p.grad for p in theirs])
