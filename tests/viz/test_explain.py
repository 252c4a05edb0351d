"""Errors as pictures: an error of the backward pass shows its place in the graph."""

from __future__ import annotations

import pytest

import autodiff as ad
import viz


def error_of(f: object) -> RuntimeError:
    with pytest.raises(RuntimeError) as caught:
        f()  # type: ignore[operator]
    return caught.value


def test_a_second_pass() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    y = x.exp()
    loss = y.sum()
    loss.backward()
    explanation = viz.explain(error_of(loss.backward))
    told = str(explanation)
    assert "Trying to backward through the graph a second time" in told
    assert "ExpBackward0  (here)" in told
    assert "saved: freed" in told
    assert 'class="box root culprit"' in explanation.svg


def test_a_saved_value_that_was_changed() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    y = x.exp()
    loss = (y * 3).sum()
    y.add_(1)
    explanation = viz.explain(error_of(loss.backward))
    assert "modified by an inplace operation" in str(explanation)
    assert "ExpBackward0  (here)" in str(explanation)
    assert "variable: x" in str(explanation)


def test_several_elements() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    assert "MulBackward0  (here)" in str(viz.explain(error_of(y.backward)))


def test_other_errors_have_no_picture() -> None:
    with pytest.raises(ValueError, match="this KeyError is not about a graph"):
        viz.explain(KeyError("x"))
