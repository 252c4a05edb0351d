"""Modules and data beside PyTorch's: what is found, in which order, and what is replaced."""

from __future__ import annotations

from typing import Any

import pytest

import autodiff as ad
from tests.nn.beside import numbers

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.parity


def make(m: Any) -> Any:
    """A module with every kind of part: nested, repeated, shared, reserved and reassigned."""
    nn = m.nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Linear(2, 3)
            self.scale = nn.Parameter(m.ones(3))
            self.register_buffer("seen", m.zeros(1))
            self.register_buffer("nothing", None)
            self.register_parameter("later", None)
            self.blocks = nn.ModuleList([nn.Linear(3, 3), nn.Sequential(nn.ReLU(), nn.Tanh())])
            self.again = self.first
            self.option = None
            self.first = nn.Linear(2, 3, bias=False)
            self.scale = nn.Parameter(m.zeros(3))
            self.blocks.append(nn.Dropout(0.1))

    return Net()


VIEWS = {
    "named_parameters": lambda net: [name for name, _ in net.named_parameters()],
    "own parameters": lambda net: [name for name, _ in net.named_parameters(recurse=False)],
    "with a prefix": lambda net: [name for name, _ in net.named_parameters("net")],
    "named_modules": lambda net: [(n, type(x).__name__) for n, x in net.named_modules()],
    "named_children": lambda net: [(n, type(x).__name__) for n, x in net.named_children()],
    "named_buffers": lambda net: [name for name, _ in net.named_buffers()],
    "state_dict": lambda net: list(net.state_dict()),
    "repr": repr,
    "training": lambda net: [x.training for x in net.train().eval().modules()],
    "apply": lambda net: applied(net),
    "loaded": lambda net: repr(net.load_state_dict(net.state_dict())),
    "loaded loosely": lambda net: loaded_loosely(net),
    "requires_grad": lambda net: [p.requires_grad for p in net.requires_grad_(False).parameters()],
    "slice": lambda net: repr(net.blocks[1:]),
    "last": lambda net: repr(net.blocks[-1]),
    "deleted": lambda net: deleted(net),
}


def applied(net: Any) -> list[str]:
    seen: list[str] = []
    assert net.apply(lambda module: seen.append(type(module).__name__)) is net
    return seen


def loaded_loosely(net: Any) -> list[Any]:
    state = dict(net.state_dict())
    state["extra"] = state.pop("scale")
    result = net.load_state_dict(state, strict=False)
    return [result.missing_keys, result.unexpected_keys, str(result).replace("_Inc", "Inc")]


def deleted(net: Any) -> Any:
    del net.scale, net.blocks, net.seen, net.nothing
    return [repr(net), list(net.state_dict()), hasattr(net, "scale"), net.later]


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_views(view: Any) -> None:
    assert view(make(ad)) == view(make(torch))


def test_parameters_print_alike() -> None:
    ours, theirs = (m.nn.Parameter(m.tensor([[1.0, 2.5]])) for m in (ad, torch))
    assert repr(ours) == repr(theirs)


def test_sequences_are_edited_alike() -> None:
    def edit(nn: Any) -> str:
        net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        net.append(nn.Tanh())
        net[1] = nn.Sigmoid()
        layers = nn.ModuleList([nn.ReLU()])
        layers.extend([nn.Tanh(), nn.Sigmoid()])
        layers.insert(1, nn.Identity())
        layers[0] = net
        del layers[-1]
        return repr(layers) + repr(net[1:]) + str(len(layers))

    assert edit(ad.nn) == edit(torch.nn)


def samples(m: Any) -> list[Any]:
    pairs = zip(numbers(7, 2), range(7), strict=True)
    return [(m.tensor(x), label, {"half": label / 2, "name": f"n{label}"}) for x, label in pairs]


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("batch_size", [1, 3, 7, 10])
def test_batches(batch_size: int, drop_last: bool) -> None:
    both = []
    for m in (ad, torch):
        loader = m.utils.data.DataLoader(samples(m), batch_size, drop_last=drop_last)
        both.append(
            [len(loader)]
            + [
                (x.tolist(), label.tolist(), more["half"].tolist(), more["name"])
                for x, label, more in loader
            ]
        )
    assert both[0] == both[1]


def test_batches_have_the_same_dtypes() -> None:
    dtypes = []
    for m in (ad, torch):
        x, label, more = m.utils.data.default_collate(samples(m))
        flag = m.utils.data.default_collate([True, False])
        array = m.utils.data.default_collate([numbers(2).astype("float32")] * 2)
        dtypes.append([str(t.dtype).split(".")[1] for t in (x, label, more["half"], flag, array)])
    assert dtypes[0] == dtypes[1]


@pytest.mark.parametrize("lengths", [[15, 5], [0.33, 0.67], [0.5, 0.5], [0.7, 0.2, 0.1], [1.0]])
def test_splits_have_the_same_lengths(lengths: list[float]) -> None:
    ours, theirs = (
        [len(part) for part in m.utils.data.random_split(range(20), lengths)] for m in (ad, torch)
    )
    assert ours == theirs
