"""make_dot: torchviz's arguments, and its result as torchviz's users know it."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path

import graphviz
import pytest

import autodiff as ad
import viz


def test_the_signature_is_torchvizs() -> None:
    parameters = inspect.signature(viz.make_dot).parameters
    assert list(parameters) == ["var", "params", "show_attrs", "show_saved", "max_attr_chars"]
    assert [p.default for p in parameters.values()][1:] == [None, False, False, 50]


def test_what_it_shows() -> None:
    model = ad.nn.Linear(2, 1)
    loss = model(ad.ones(3, 2)).sum(dim=0).mean()
    dot = viz.make_dot(loss, params=dict(model.named_parameters()))
    assert isinstance(dot, graphviz.Digraph)
    for word in ("MeanBackward0", "SumBackward1", "AccumulateGrad", "weight", "bias"):
        assert word in dot.source
    assert "dim" not in dot.source
    assert "dim: " in viz.make_dot(loss, show_attrs=True).source.replace("\u00a0", " ")


def test_saved_values() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    source = viz.make_dot((x.exp().sum(), x), show_saved=True).source.replace("\u00a0", " ")
    assert "saved out" in source
    assert "[2.718, 7.389]" in source


@pytest.mark.skipif(shutil.which("dot") is None, reason="needs the system's dot")
def test_rendering_as_torchvizs_users_do(tmp_path: Path) -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    viz.make_dot(x.sum()).render(str(tmp_path / "loss"), format="png")
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")
