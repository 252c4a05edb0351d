"""Pictures: what they contain, as text, DOT, SVG and files, and that they are always the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

import autodiff as ad
import viz
from autodiff.nn import functional as F  # noqa: N812 - PyTorch's custom
from viz.picture import watch_printing


def small() -> ad.Scalar:
    a, b, c = ad.Scalar(2.0), ad.Scalar(-3.0), ad.Scalar(10.0)
    return (a * b + c).relu()


def mlp_loss() -> tuple[ad.Tensor, ad.nn.Module]:
    ad.manual_seed(0)
    model = ad.nn.Sequential(ad.nn.Linear(3, 4), ad.nn.ReLU(), ad.nn.Linear(4, 1))
    return F.mse_loss(model(ad.ones(5, 3)), ad.zeros(5, 1)), model


def texts(svg: str) -> str:
    """All text of an SVG, as a parser reads it."""
    return " ".join(
        "".join(e.itertext()) for e in ET.fromstring(svg).iter() if e.tag.endswith("}text")
    )


# -- content ----------------------------------------------------------------------------------


def test_graph_as_text() -> None:
    a = ad.Scalar(2.0)
    b = ad.Scalar(-3.0)
    loss = a * b + 1
    assert str(viz.graph(loss)) == (
        "loss = #2 + 1  -5.0\n"
        "├─ #2 = a * b  -6.0\n"
        "│  ├─ a        leaf  2.0\n"
        "│  └─ b        leaf  -3.0\n"
        "└─ 1"
    )


def test_several_pictures_on_one_page_share_no_id() -> None:
    x = ad.Scalar(3.0)
    pictures = [viz.graph(x * x), viz.grad_fn(x * x), viz.backward(x * x)]
    pages = [picture.embedded(f"p{number}-") for number, picture in enumerate(pictures)]
    ids = [re.findall(r'(?:id|data-from|data-to)="([^"]+)"', page) for page in pages]
    assert all(name.startswith(f"p{number}-") for number, page in enumerate(ids) for name in page)
    assert '"box": "p2-' in pages[2]


def test_printed_pictures_can_be_watched() -> None:
    x = ad.Scalar(3.0)
    seen: list[viz.Picture] = []
    graph = viz.graph(x * x)
    with watch_printing(seen.append):
        assert f"{graph}" == graph.text()
        str(viz.backward(x * x))
    str(graph)
    assert [type(picture) for picture in seen] == [viz.Picture, viz.BackwardPass]


def test_gradients_show_after_backward() -> None:
    a = ad.Scalar(2.0)
    loss = a * a
    loss.backward()
    assert "a  (used twice)" in str(viz.graph(loss))
    assert "grad 4.0" in str(viz.graph(loss))


def test_the_word_for_a_gradient_stays_with_it() -> None:
    w = ad.tensor([0.125, -0.5, 1.0], requires_grad=True)
    loss = (w * w.sin()).sum()
    loss.backward()
    lines = viz.graph(loss).text(60).splitlines()
    assert not any(line.endswith("grad") for line in lines)
    assert any(line.strip("│ ").startswith("grad [0.2487, ") for line in lines)
    text = viz.backward((w.reshape(3, 1) * ad.ones(3, 2)).exp().sum()).text(60)
    assert "gradient [[1.0, 1.0],\n" in text


def test_grad_fn_as_text() -> None:
    w = ad.tensor([1.0, 2.0], requires_grad=True)
    loss = (w * 3).exp().sum()
    text = str(viz.grad_fn(loss))
    names = ["SumBackward0", "ExpBackward0", "MulBackward0", "AccumulateGrad"]
    for name, line in zip(names, text.splitlines(), strict=True):
        assert name in line
    assert "saved: out" in text
    assert "variable: w  float32[2]" in text
    loss.backward()
    assert "saved: freed" in str(viz.grad_fn(loss))


def test_backward_tells_what_flows_and_adds_up() -> None:
    x = ad.Scalar(3.0)
    y = x * x
    text = str(viz.backward(y))
    assert "to x: g * x = 1.0 * 3.0 = 3.0" in text
    assert "adds up: 3.0 + 3.0 = 6.0" in text
    assert ".grad: none yet, becomes 6.0" in text


def test_backward_only_watches() -> None:
    x = ad.Scalar(3.0)
    y = x * x
    viz.backward(y).svg  # noqa: B018
    assert x.grad is None
    y.backward()
    assert x.grad == 6.0
    z = x * x
    assert ".grad: 6.0 + 6.0 = 12.0" in str(viz.backward(z))


def test_backward_from_several_numbers_needs_a_vector() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(RuntimeError, match="scalar outputs"):
        viz.backward(x * 2)
    assert "[10.0, 0.0]" in str(viz.backward(x * 2, ad.tensor([5.0, 0.0])))


def test_backward_of_a_freed_graph_is_the_engines_error() -> None:
    x = ad.Scalar(3.0)
    y = x * x
    y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        viz.backward(y)
    assert "9.0" in str(viz.graph(y))


def test_names_given_win_over_variables() -> None:
    loss, model = mlp_loss()
    text = str(viz.graph(loss, params=dict(model.named_parameters())))
    assert "linear(#4, 2.weight, 2.bias)" in text
    assert "model.2.weight" in str(viz.graph(loss))


def test_names_in_lists_and_none_for_equal_floats() -> None:
    weights = [ad.Scalar(2.0), ad.Scalar(1.0)]
    total = weights[0] * weights[1] + 1.0
    text = str(viz.graph(total))
    assert "weights[0] * weights[1]" in text
    assert "+ 1.0" in text


def test_the_networkx_graph_has_plain_attributes() -> None:
    x = ad.Scalar(3.0)
    graph = viz.graph(x * x).networkx()
    assert nx.is_directed_acyclic_graph(graph)
    assert graph.number_of_nodes() == 2
    assert graph.number_of_edges() == 2  # x * x has two edges, not one
    assert graph.nodes["n0"]["name"] == "x"
    assert graph.nodes["n1"]["formula"] == "x * y"
    assert graph.nodes["n1"]["value"] == 9.0


def test_svg_shows_names_values_and_gradients() -> None:
    a = ad.Scalar(2.0)
    product = a * a
    shown = texts(viz.backward(product).svg).replace("\u00a0", " ")
    assert "product = a * a" in shown
    assert "g * a" in shown
    assert "step 1: gradient 1.0" in shown


def test_a_convnet_is_drawn() -> None:
    model = ad.nn.Sequential(
        ad.nn.Conv2d(1, 2, 3),
        ad.nn.ReLU(),
        ad.nn.MaxPool2d(2),
        ad.nn.Flatten(),
        ad.nn.Linear(18, 3),
    )
    loss = F.cross_entropy(model(ad.randn(4, 1, 8, 8)), ad.tensor([0, 1, 2, 0]))
    for picture in (viz.graph(loss), viz.grad_fn(loss), viz.backward(loss)):
        assert "<svg" in picture.svg
        assert all(len(line) <= 80 for line in str(picture).splitlines())
    assert "max_pool(" in str(viz.graph(loss))


# -- strange things to draw -------------------------------------------------------------------


@pytest.mark.parametrize(
    "x",
    [
        ad.Scalar(1.0),
        ad.tensor([1.0, 2.0], requires_grad=True),
        ad.tensor([1.0, 2.0]),
        ad.zeros(0, 3),
        ad.Scalar(0.0) / 0.0,
        1 / ad.tensor([0.0, float("nan"), 1.0], requires_grad=True),
    ],
    ids=["scalar leaf", "leaf", "no graph", "empty", "nan", "inf"],
)
def test_anything_draws(x: ad.Tensor) -> None:
    for picture in (viz.graph(x), viz.grad_fn(x)):
        assert str(picture)
        ET.fromstring(picture.svg)


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        'quo"te',
        "back\\slash",
        "new\nline",
        "&amp; <b>",
        "λ∂é",
        "x" * 10_000,
        "a|b{c}",
        "\x00\x07",
    ],
    ids=repr,
)
def test_hostile_names_are_text(name: str) -> None:
    x = ad.tensor(1.0, requires_grad=True)
    for draw in (viz.graph, viz.grad_fn, viz.backward):
        picture = draw(x * 2, params={name: x})
        root = ET.fromstring(picture.svg)
        assert not [e for e in root.iter() if e.tag.endswith("script")]
        assert max(map(len, str(picture).splitlines())) <= 100


def test_a_large_tensor_is_summarised() -> None:
    x = ad.tensor(np.linspace(0, 1, 10_000), requires_grad=True)
    text = str(viz.graph((x * 2).sum()))
    assert "0.0 to 1.0, mean 0.5" in text


def test_a_shared_value_is_drawn_once() -> None:
    y = ad.Scalar(1.0)
    for _ in range(12):
        y = y + y
    assert viz.graph(y).networkx().number_of_nodes() == 13
    assert len(str(viz.graph(y)).splitlines()) == 13


def test_a_loop_is_folded_and_says_so() -> None:
    y = ad.Scalar(1.0)
    for _ in range(5_000):
        y = y * 1.001
    picture = viz.graph(y)
    assert "4997 nodes in repetitions are folded into 1" in str(picture)
    assert "4997 more of: Mul" in picture.svg
    assert "are folded into 1" in picture.dot
    assert "are folded into 1" in picture.svg
    assert max(map(len, str(picture).splitlines())) <= 80
    assert len(viz.backward(y)) == 5


# -- the same every time ----------------------------------------------------------------------

PROGRAM = """
import sys, autodiff as ad, viz
ad.manual_seed(0)
model = ad.nn.Sequential(ad.nn.Linear(3, 4), ad.nn.Tanh(), ad.nn.Linear(4, 1))
loss = (model(ad.ones(2, 3)) ** 2).mean()
for draw in (viz.graph, viz.grad_fn, viz.backward):
    picture = draw(loss)
    sys.stdout.write(picture.dot + picture.svg + picture.text())
"""


def test_byte_identical_across_runs() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


# -- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "start"),
    [
        (".svg", b"<svg"),
        (".png", b"\x89PNG"),
        (".pdf", b"%PDF"),
        (".dot", b"digraph"),
        (".txt", b"#"),
    ],
)
def test_save_by_ending(ending: str, start: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"a picture{ending}"
    viz.graph(small()).save(path)
    assert path.read_bytes().startswith(start)
    assert list(tmp_path.iterdir()) == [path]


def test_an_unknown_ending_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"unknown format 'jpeg'.*\n.*\.svg, \.png, \.pdf"):
        viz.graph(small()).save(tmp_path / "x.jpeg")
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        viz.graph(small()).save(tmp_path / "missing" / "x.svg")


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "x.svg").mkdir()
    with pytest.raises(OSError, match=r"x\.svg"):
        viz.graph(small()).save(tmp_path / "x.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["x.svg"]


def test_without_graphviz_text_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setattr("shutil.which", lambda program: None)
    picture = viz.graph(small())
    assert str(picture)
    assert picture.dot
    with pytest.raises(RuntimeError, match=r"(?s)drawing needs Graphviz.*pygraphviz does not load"):
        picture.svg  # noqa: B018


# -- notebooks --------------------------------------------------------------------------------


def test_a_notebook_shows_svg_and_text() -> None:
    bundle = viz.graph(small())._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/plain"}
    ET.fromstring(bundle["image/svg+xml"])


@pytest.mark.slow
def test_in_an_executed_notebook() -> None:
    nbformat = pytest.importorskip("nbformat")
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook()
    code = "import autodiff as ad, viz\nx = ad.Scalar(3.0)\nviz.graph(x * x)"
    notebook.cells.append(nbformat.v4.new_code_cell(code))
    NotebookClient(notebook, timeout=60).execute()
    (output,) = notebook.cells[0].outputs
    assert "<svg" in output["data"]["image/svg+xml"]


# -- PyTorch ----------------------------------------------------------------------------------


@pytest.mark.parity
def test_a_pytorch_loss_is_drawn() -> None:
    torch = pytest.importorskip("torch")
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    loss = (w * 3).exp().sum()
    text = str(viz.grad_fn(loss))
    for name in ("SumBackward0", "ExpBackward0", "MulBackward0", "AccumulateGrad", "variable: w"):
        assert name in text
    assert "torch::" not in text
    assert "loss = sum(" in str(viz.graph(loss))
    ET.fromstring(viz.graph(loss).svg)


def test_what_a_function_keeps_under_the_name_variable_makes_its_node_no_leaf() -> None:
    class Twice(ad.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: ad.Tensor) -> ad.Tensor:
            ctx.variable = x
            return x * 2

        @staticmethod
        def backward(ctx: Any, g: ad.Tensor) -> ad.Tensor:
            return g * 2

    x = ad.ones(2, requires_grad=True)
    kinds = [about["kind"] for _, about in viz.graph(Twice.apply(x)).networkx().nodes(data=True)]
    assert kinds == ["leaf", "op"]
