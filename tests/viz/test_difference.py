"""The difference of two graphs: the same program with one thing changed."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

import autodiff as ad
import viz


def lines(difference: viz.Difference) -> list[str]:
    return str(difference).splitlines()


def model(w: ad.Tensor, v: ad.Tensor, cut: bool = False) -> ad.Tensor:
    hidden = (w * 2).relu()
    if cut:
        hidden = hidden.detach()
    return (hidden * v).sum()


def leaves() -> tuple[ad.Tensor, ad.Tensor]:
    return (
        ad.tensor([1.0, 2.0], requires_grad=True),
        ad.tensor([3.0, 4.0], requires_grad=True),
    )


def test_the_same_program_has_no_difference() -> None:
    w, v = leaves()
    difference = viz.diff(model(w, v), model(w, v))
    assert not difference
    assert str(difference) == "no difference"


def test_with_and_without_detach() -> None:
    w, v = leaves()
    difference = viz.diff(model(w, v), model(w, v, cut=True))
    assert difference
    told = lines(difference)
    assert [line for line in told if line.startswith("only in a")] == [
        "only in a: relu(#2)", "only in a: w * 2", "only in a: 2", "only in a: w",
    ]  # fmt: skip
    (only_b,) = [line for line in told if line.startswith("only in b")]
    assert only_b == "only in b: [2.0, 4.0]"
    svg = difference.svg
    ET.fromstring(svg)
    assert "- only in a" in svg
    assert "+ only in b" in svg


def test_with_and_without_zero_grad() -> None:
    def train(zero: bool) -> ad.Tensor:
        w = ad.tensor([1.0, 2.0], requires_grad=True)
        for _ in range(3):
            if zero:
                w.grad = None
            loss = (w * w).sum()
            loss.backward()
        return loss

    (line,) = lines(viz.diff(lambda: train(True), lambda: train(False)))
    assert line.endswith(".grad: [2.0, 4.0] in a, [6.0, 12.0] in b (3 times as much)")


def test_with_and_without_no_grad() -> None:
    w, v = leaves()
    with ad.no_grad():
        b = model(w, v)
    assert lines(viz.diff(model(w, v), b))[0].startswith("b has no graph")


def test_a_write_in_place() -> None:
    w, _ = leaves()

    def program(write: bool) -> ad.Tensor:
        y = w * 3
        if write:
            y.add_(1)
        return y.sum()

    told = lines(viz.diff(lambda: program(False), lambda: program(True)))
    assert any(line.startswith("only in b") and "+ 1" in line for line in told)


def test_a_changed_value_and_a_frozen_leaf() -> None:
    def program(factor: float, frozen: bool) -> ad.Tensor:
        w = ad.tensor([1.0, 2.0], requires_grad=not frozen)
        v = ad.tensor([1.0, 1.0], requires_grad=True)
        return (w * v * factor).sum()

    told = lines(viz.diff(lambda: program(2.0, False), lambda: program(3.0, True)))
    assert any("value: 6.0 in a, 9.0 in b" in line for line in told)
    assert any("requires grad: True in a, False in b" in line for line in told)


@pytest.mark.parity
def test_one_engine_beside_another() -> None:
    value = pytest.importorskip("micrograd.engine").Value
    p, q = value(2.0), value(-3.0)
    theirs = (p * q + 10.0).relu() * p
    x, y = ad.Scalar(2.0), ad.Scalar(-3.0)
    ours = (x * y + 10.0).relu() * x
    theirs.backward()
    ours.backward()
    told = lines(viz.diff(theirs, ours))
    assert {line.split(":")[0] for line in told} == {"#3"}  # 10.0, which is a leaf there
    wrong = (x * y + 10.0).relu() * x * 2
    assert any("only in b" in line for line in lines(viz.diff(theirs, wrong)))


def test_a_picture_of_no_difference_says_so() -> None:
    x = ad.Scalar(2.0)
    assert "a and b are the same: no difference" in viz.diff(x * x, x * x).svg
    assert "no difference" not in viz.diff(x * x, x + x).svg
