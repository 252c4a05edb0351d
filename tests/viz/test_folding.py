"""Large graphs: frames of modules, collapsing to a depth, folding of repetitions, limits."""

from __future__ import annotations

import random
from time import perf_counter

import networkx as nx
import pytest

import autodiff as ad
import viz
from autodiff import nn
from autodiff.nn import functional as F  # noqa: N812 - PyTorch's custom


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(3, 3)

    def forward(self, x: ad.Tensor) -> ad.Tensor:
        return self.linear(x).relu() + x


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.Sequential(Block(), Block())
        self.head = nn.Linear(3, 1)

    def forward(self, x: ad.Tensor) -> ad.Tensor:
        return self.head(self.blocks(x))


def loss_of(model: nn.Module) -> ad.Tensor:
    return F.mse_loss(model(ad.ones(2, 3)), ad.zeros(2, 1))


def titles(picture: viz.Picture) -> dict[str, str]:
    """The title of each frame, and the frame it is in."""
    scopes = picture.networkx().graph["scopes"]
    return {
        scope["title"].split()[0]: scopes[scope["parent"]]["title"].split()[0]
        if scope["parent"]
        else ""
        for scope in scopes.values()
    }


def test_modules_are_frames_that_nest() -> None:
    model = Net()
    loss = loss_of(model)
    picture = viz.graph(loss)
    assert titles(picture) == {
        "model": "",
        "model.blocks": "model",
        "model.blocks.0": "model.blocks",
        "model.blocks.0.linear": "model.blocks.0",
        "model.blocks.1": "model.blocks",
        "model.blocks.1.linear": "model.blocks.1",
        "model.head": "model",
    }
    graph = picture.networkx()
    where = {a["name"]: a.get("scope") for _, a in graph.nodes(data=True) if a["name"]}
    frames = {scope["title"].split()[0]: name for name, scope in graph.graph["scopes"].items()}
    assert where["model.head.weight"] == frames["model.head"]
    assert where["model.blocks.1.linear.bias"] == frames["model.blocks.1.linear"]
    assert where["loss"] is None
    assert picture.svg.count('class="cluster"') == 7


@pytest.mark.parametrize(("depth", "boxes"), [(0, 1), (1, 2), (2, 2)])
def test_modules_collapse_to_a_depth(depth: int, boxes: int) -> None:
    model = Net()
    loss = loss_of(model)
    graph = viz.graph(loss, depth=depth).networkx()
    collapsed = [a for _, a in graph.nodes(data=True) if a["kind"] == "module"]
    assert len(collapsed) == boxes
    assert nx.is_directed_acyclic_graph(graph)
    calls = "1 call of a module is" if boxes == 1 else f"{boxes} calls of modules are"
    assert f"{calls} one box" in graph.graph["folded"]


def test_the_gradients_at_a_collapsed_module_are_those_at_its_border() -> None:
    x = ad.ones(2, 3, requires_grad=True)
    model = Net()
    loss = F.mse_loss(model(x), ad.zeros(2, 1))
    graph = viz.backward(loss, depth=0).networkx()
    (module,) = [n for n, a in graph.nodes(data=True) if a["kind"] == "module"]
    (data,) = [d for s, _, d in graph.in_edges(module, data=True) if graph.nodes[s]["name"] == "x"]
    loss.backward()
    assert x.grad is not None
    assert data["flowed"] == pytest.approx(x.grad.numpy())


def test_a_module_called_twice_is_two_frames() -> None:
    layer = nn.Linear(3, 3)
    y = layer(layer(ad.ones(1, 3))).sum()
    scopes = viz.graph(y).networkx().graph["scopes"]
    assert [scope["parent"] for scope in scopes.values()] == [None, None]
    assert all(scope["title"].startswith("layer") for scope in scopes.values())


def test_a_module_that_gives_back_its_input_makes_no_frame() -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5))
    model.eval()
    y = model(ad.ones(1, 3)).sum()
    assert set(titles(viz.graph(y))) == {"model", "model.0"}


def test_pictures_need_no_module_to_stay_alive() -> None:
    y = nn.Linear(3, 3)(ad.ones(1, 3)).sum()
    assert "Linear(in_features=3, out_features=3, bias=True)" in viz.graph(y).svg


def test_an_unrolled_recurrent_loop_is_folded() -> None:
    cell = nn.Linear(2, 2)
    h = ad.ones(1, 2)
    for _ in range(200):
        h = cell(h).tanh()
    loss = h.sum()
    picture = viz.backward(loss)
    assert picture.networkx().number_of_nodes() < 30
    assert "more of:" in str(picture)
    assert "repetitions are folded" in picture.svg


def test_what_flows_through_a_fold_is_right() -> None:
    x = ad.Scalar(1.0)
    y = x
    for _ in range(1000):
        y = y * 1.001
    flows = [
        d["flowed"] for _, _, d in viz.backward(y).networkx().edges(data=True) if "flowed" in d
    ]
    assert min(flows, key=lambda f: abs(f - 1.001**1000)) == pytest.approx(1.001**1000)


def random_graph(count: int) -> ad.Scalar:
    chosen = random.Random(0)
    values = [ad.Scalar(chosen.random()) for _ in range(20)]
    for _ in range(count):
        x, y = chosen.choice(values[-40:]), chosen.choice(values[-40:])
        values.append([x * y, x + y, x.tanh()][chosen.randrange(3)])
    total = values[-1]
    for value in values[-40:-1]:
        total = total + value
    return total


def test_what_cannot_be_folded_is_left_out_and_counted() -> None:
    total = random_graph(2_000)
    picture = viz.graph(total)
    graph = picture.networkx()
    assert graph.number_of_nodes() <= 301
    assert f"{graph.graph['left_out']} nodes farther from the result are not drawn" in str(picture)
    assert viz.graph(total, limit=50).networkx().number_of_nodes() <= 51


@pytest.mark.slow
def test_ten_thousand_nodes_in_reasonable_time() -> None:
    """A guard against hanging, far above what is measured: 0.3 s here, and 0.5 s for 1,000."""
    for total, limit in ((random_graph(10_000), viz.FOLD_ABOVE), (random_graph(900), 2_000)):
        start = perf_counter()
        assert viz.graph(total, limit=limit).svg
        assert perf_counter() - start < 20
