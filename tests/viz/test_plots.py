"""Plots: what they show, and what they say where matplotlib is missing."""

from __future__ import annotations

import io
import sys

import pytest

import autodiff as ad
from viz import plots

pytest.importorskip("matplotlib")


def drawn(figure: object) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png")  # type: ignore[attr-defined]
    return file.getvalue()


def test_curves_have_names_and_differ_in_style_too() -> None:
    figure = plots.curves(title="training", train=[3.0, 2.0, 1.0], test=[3.0, 2.5])
    (axes,) = figure.axes
    assert [line.get_label() for line in axes.get_lines()] == ["train", "test"]
    assert len({line.get_linestyle() for line in axes.get_lines()}) == 2
    assert axes.get_lines()[0].get_xdata().tolist() == [1, 2, 3]
    assert drawn(figure).startswith(b"\x89PNG")


def test_gradient_norms_over_training() -> None:
    model = ad.nn.Linear(2, 1)
    norms = plots.GradientNorms(model)
    norms.record()
    model(ad.ones(1, 2)).sum().backward()
    norms.record()
    assert norms.values["bias"][1] == 1.0
    assert norms.values["weight"][1] == pytest.approx(2**0.5)
    assert norms.values["bias"][0] != norms.values["bias"][0]
    (axes,) = norms.plot().axes
    assert axes.get_yscale() == "log"
    assert drawn(norms.plot())


def test_paths_of_optimizers() -> None:
    walks = {}
    for name, kind in (("sgd", ad.optim.SGD), ("adam", ad.optim.Adam)):
        p = ad.tensor([1.5, 1.0], requires_grad=True)
        optimizer = kind([p], lr=0.1)
        walk = [tuple(p.tolist())]
        for _ in range(20):
            optimizer.zero_grad()
            (p[0] ** 2 + 3 * p[1] ** 2).backward()
            optimizer.step()
            walk.append(tuple(p.tolist()))
        walks[name] = walk
    figure = plots.paths(lambda x, y: x**2 + 3 * y**2, title="a valley", **walks)
    (axes,) = figure.axes
    assert len(axes.get_lines()[0].get_xdata()) == 21
    assert drawn(figure)


def test_histograms_tell_how_many_are_zero() -> None:
    figure = plots.histograms(before=ad.randn(100), after=ad.tensor([0.0, 0.0, 1.0, float("nan")]))
    assert len(figure.axes) == 2
    assert "50 % are zero" in figure.axes[1].get_title()
    assert drawn(figure)


def test_a_confusion_matrix() -> None:
    figure = plots.confusion([0, 0, 1, 1], ad.tensor([0, 1, 1, 1]), ["cat", "dog"], "animals")
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["1", "1", "0", "2"]
    assert drawn(figure)


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r"plots need matplotlib.*\n.*pip install"):
        plots.curves(loss=[1.0])
