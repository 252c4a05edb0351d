"""Every layer and loss beside PyTorch's in float64: outputs, gradients, state, text, mistakes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.mistakes import Mistake
from tests.nn.beside import array, assert_close, copy_weights, numbers
from tests.nn.mistakes import MISTAKES

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.parity

LAYERS: list[tuple[Callable[[Any], Any], tuple[int, ...]]] = [
    (lambda nn: nn.Linear(5, 3), (4, 5)),
    (lambda nn: nn.Linear(5, 3), (5,)),
    (lambda nn: nn.Linear(5, 3, bias=False), (2, 4, 5)),
    (lambda nn: nn.Conv2d(3, 4, 3), (2, 3, 6, 7)),
    (lambda nn: nn.Conv2d(3, 4, 3), (3, 6, 7)),
    (lambda nn: nn.Conv2d(3, 4, (2, 3), stride=(1, 2), padding=(1, 0)), (2, 3, 6, 7)),
    (lambda nn: nn.Conv2d(4, 6, 2, stride=2, padding=1, groups=2, bias=False), (2, 4, 5, 5)),
    (lambda nn: nn.Conv2d(2, 3, 2, dilation=2), (2, 2, 6, 6)),
    (lambda nn: nn.Conv2d(2, 3, 3, padding=1, dilation=(1, 2)), (1, 2, 6, 6)),
    (lambda nn: nn.MaxPool2d(2), (2, 3, 6, 7)),
    (lambda nn: nn.MaxPool2d(2), (3, 6, 7)),
    (lambda nn: nn.MaxPool2d(3, stride=2, padding=1), (2, 3, 6, 7)),
    (lambda nn: nn.MaxPool2d((2, 3), stride=1, dilation=2), (1, 2, 6, 7)),
    (lambda nn: nn.ReLU(), (3, 4)),
    (lambda nn: nn.Sigmoid(), (3, 4)),
    (lambda nn: nn.Tanh(), (3, 4)),
    (lambda nn: nn.Flatten(), (2, 3, 4, 5)),
    (lambda nn: nn.Flatten(0, 1), (2, 3, 4, 5)),
    (lambda nn: nn.Dropout(0.3).eval(), (3, 4)),
    (lambda nn: nn.Identity(7, unused=True), (3, 4)),
    (lambda nn: nn.Softmax(dim=1), (3, 4)),
    (lambda nn: nn.LogSoftmax(dim=-1), (3, 4, 2)),
    (
        lambda nn: nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(4, 6, 3), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Sequential(nn.Linear(6, 8), nn.Sigmoid(), nn.Dropout(0.0)), nn.Linear(8, 3),
        ),
        (5, 1, 8, 8),
    ),
    (
        lambda nn: nn.Sequential(OrderedDict(first=nn.Linear(4, 3), squash=nn.Tanh())),
        (2, 4),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("make", "shape"), LAYERS, ids=range(len(LAYERS)))
def test_layers(make: Callable[[Any], Any], shape: tuple[int, ...]) -> None:
    theirs, ours = make(torch.nn).double(), make(ad.nn).double()
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    copy_weights(theirs, ours)

    results = []
    for m, layer in ((ad, ours), (torch, theirs)):
        x = m.tensor(numbers(*shape), requires_grad=True)
        out = layer(x)
        out.backward(m.tensor(numbers(*out.shape, seed=1)))
        results.append((out, x, list(layer.parameters())))
    (out, x, parameters), (their_out, their_x, their_parameters) = results
    assert_close(out, their_out)
    assert_close(x.grad, their_x.grad)
    for p, their_p in zip(parameters, their_parameters, strict=True):
        assert_close(p.grad, their_p.grad)


def classes(m: Any) -> Any:
    return m.tensor([2, 0, 3, 1, 3])


def probabilities(m: Any) -> Any:
    p = np.abs(numbers(5, 4, seed=2))
    return m.tensor(p / p.sum(1, keepdims=True))


LOSSES: list[tuple[Callable[[Any], Any], Callable[[Any], Any]]] = [
    (lambda m: m.nn.MSELoss(), lambda m: m.tensor(numbers(5, 4, seed=3))),
    (lambda m: m.nn.MSELoss(reduction="sum"), lambda m: m.tensor(numbers(5, 4, seed=3))),
    (lambda m: m.nn.MSELoss(reduction="none"), lambda m: m.tensor(numbers(5, 4, seed=3))),
    (lambda m: m.nn.NLLLoss(), classes),
    (lambda m: m.nn.NLLLoss(weight=m.tensor(np.arange(1.0, 5.0)), reduction="sum"), classes),
    (lambda m: m.nn.CrossEntropyLoss(), classes),
    (lambda m: m.nn.CrossEntropyLoss(reduction="sum"), classes),
    (lambda m: m.nn.CrossEntropyLoss(reduction="none"), classes),
    (lambda m: m.nn.CrossEntropyLoss(weight=m.tensor(np.arange(1.0, 5.0))), classes),
    (lambda m: m.nn.CrossEntropyLoss(ignore_index=3), classes),
    (lambda m: m.nn.CrossEntropyLoss(ignore_index=3, reduction="none"), classes),
    (lambda m: m.nn.CrossEntropyLoss(label_smoothing=0.2), classes),
    (lambda m: m.nn.CrossEntropyLoss(label_smoothing=0.2, reduction="none"), classes),
    (
        lambda m: m.nn.CrossEntropyLoss(
            weight=m.tensor(np.arange(1.0, 5.0)), ignore_index=0, label_smoothing=0.2
        ),
        classes,
    ),
    (lambda m: m.nn.CrossEntropyLoss(), probabilities),
    (lambda m: m.nn.CrossEntropyLoss(label_smoothing=0.1, reduction="sum"), probabilities),
    (lambda m: m.nn.CrossEntropyLoss(weight=m.tensor(np.arange(1.0, 5.0))), probabilities),
]


@pytest.mark.parametrize(("make", "target"), LOSSES, ids=range(len(LOSSES)))
def test_losses(make: Callable[[Any], Any], target: Callable[[Any], Any]) -> None:
    assert repr(make(ad)) == repr(make(torch))
    results = []
    for m in (ad, torch):
        x = m.tensor(numbers(5, 4), requires_grad=True)
        loss = make(m)(x, target(m))
        loss.backward(m.tensor(numbers(*loss.shape, seed=1)))
        results.append((loss, x.grad))
    assert_close(results[0][0], results[1][0])
    assert_close(results[0][1], results[1][1])


def test_cross_entropy_of_one_sample() -> None:
    for m in (ad, torch):
        loss = m.nn.functional.cross_entropy(m.tensor([0.5, 2.0, 1.0]), m.tensor(2))
        assert loss.item() == pytest.approx(1.4644, abs=1e-4)


def test_the_graph_of_cross_entropy() -> None:
    names = []
    for m in (ad, torch):
        x = m.tensor(numbers(5, 4), requires_grad=True)
        node = m.nn.functional.cross_entropy(x, classes(m)).grad_fn
        names.append([node.name(), node.next_functions[0][0].name()])
    assert names[0] == names[1]


def test_one_hot() -> None:
    for arguments in ((), (6,)):
        ours, theirs = (m.nn.functional.one_hot(classes(m), *arguments) for m in (ad, torch))
        assert ours.tolist() == theirs.tolist()


GAINS = ["linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu"]


@pytest.mark.parametrize("name", GAINS)
def test_gains(name: str) -> None:
    ours, theirs = (m.nn.init.calculate_gain(name) for m in (ad, torch))
    assert ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("make", [LAYERS[0][0], LAYERS[3][0], LAYERS[6][0]])
def test_weights_start_from_the_same_distribution(make: Callable[[Any], Any]) -> None:
    """Uniform within the same bounds: of many draws, range and spread agree."""
    for m in (ad, torch):
        m.manual_seed(0)

    def draws(nn: Any) -> list[Any]:
        layers = [list(make(nn).parameters()) for _ in range(300)]
        return [np.stack([array(p) for p in same]) for same in zip(*layers, strict=True)]

    for ours, theirs in zip(draws(ad.nn), draws(torch.nn), strict=True):
        assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=0.01)
        assert ours.std() == pytest.approx(theirs.std(), rel=0.05)
        assert abs(ours.mean()) < 0.1 * ours.std()


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_mistakes_raise_the_same_types(mistake: Mistake) -> None:
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whichever type PyTorch raises
        mistake.program(torch)
    assert theirs.type is mistake.kind
