"""nn and optim beside PyTorch: from the same weights and data, the same outputs and steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.parity

RNG = np.random.default_rng(5)


def both(array: np.ndarray) -> tuple[Any, Any]:
    return ad.tensor(array), torch.tensor(array)


def pair_of(make: Any) -> tuple[Any, Any]:
    """The same model here and there, in float64, with PyTorch's weights."""
    ours, theirs = make(ad.nn).double(), make(torch.nn).double()
    ours.load_state_dict({k: ad.tensor(v.numpy()) for k, v in theirs.state_dict().items()})
    return ours, theirs


def assert_equal(ours: Any, theirs: Any) -> None:
    np.testing.assert_allclose(
        ours.detach().numpy(), theirs.detach().numpy(), rtol=1e-9, atol=1e-12
    )


MODELS = {
    "linear": (lambda nn: nn.Linear(5, 3), (4, 5)),
    "linear without bias": (lambda nn: nn.Linear(5, 3, bias=False), (2, 4, 5)),
    "conv": (lambda nn: nn.Conv2d(2, 4, 3, stride=2, padding=1), (2, 2, 7, 6)),
    "conv with groups": (lambda nn: nn.Conv2d(4, 4, (2, 3), dilation=2, groups=2), (1, 4, 7, 8)),
    "conv of one image": (lambda nn: nn.Conv2d(2, 3, 3), (2, 5, 5)),
    "pool": (lambda nn: nn.MaxPool2d(3, stride=2, padding=1), (2, 2, 7, 7)),
    "softmax": (lambda nn: nn.Softmax(dim=1), (3, 4)),
    "log softmax": (lambda nn: nn.LogSoftmax(dim=-1), (3, 4)),
    "net": (
        lambda nn: nn.Sequential(
            nn.Conv2d(1, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(48, 8), nn.Tanh(), nn.Linear(8, 4), nn.Sigmoid(), nn.Identity(),
        ),
        (2, 1, 8, 8),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_models(name: str) -> None:
    make, shape = MODELS[name]
    ours, theirs = pair_of(make)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    x, y = both(RNG.standard_normal(shape))
    x.requires_grad_()
    y.requires_grad_()
    out, expected = ours(x), theirs(y)
    assert_equal(out, expected)
    v, w = both(RNG.standard_normal(tuple(out.shape)))
    out.backward(v)
    expected.backward(w)
    assert_equal(x.grad, y.grad)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_equal(p.grad, q.grad)


LABELS = np.array([0, 2, 1, 3, 3])
WEIGHTS = np.array([0.5, 2.0, 1.0, 3.0])
LOSSES = {
    "mse": lambda m, nn, x, t: nn.MSELoss()(x, x.detach() * 0.5),
    "mse sum": lambda m, nn, x, t: nn.MSELoss(reduction="sum")(x, x.detach() * 0.5),
    "nll": lambda m, nn, x, t: nn.NLLLoss()(nn.LogSoftmax(1)(x), t),
    "cross entropy": lambda m, nn, x, t: nn.CrossEntropyLoss()(x, t),
    "sum": lambda m, nn, x, t: nn.CrossEntropyLoss(reduction="sum")(x, t),
    "none": lambda m, nn, x, t: (nn.CrossEntropyLoss(reduction="none")(x, t) ** 2).sum(),
    "weighted": lambda m, nn, x, t: nn.CrossEntropyLoss(m.tensor(WEIGHTS))(x, t),
    "ignore": lambda m, nn, x, t: nn.CrossEntropyLoss(ignore_index=3)(x, t),
    "smoothed": lambda m, nn, x, t: nn.CrossEntropyLoss(label_smoothing=0.2)(x, t),
    "all": lambda m, nn, x, t: nn.CrossEntropyLoss(
        m.tensor(WEIGHTS), ignore_index=2, label_smoothing=0.1
    )(x, t),
    "probabilities": lambda m, nn, x, t: nn.CrossEntropyLoss()(x, nn.Softmax(1)(x.detach() * 2)),
    "one sample": lambda m, nn, x, t: nn.CrossEntropyLoss()(x[0], t[0]),
}


@pytest.mark.parametrize("name", LOSSES)
def test_losses(name: str) -> None:
    x, y = both(RNG.standard_normal((5, 4)))
    x.requires_grad_()
    y.requires_grad_()
    ours = LOSSES[name](ad, ad.nn, x, ad.tensor(LABELS))
    theirs = LOSSES[name](torch, torch.nn, y, torch.tensor(LABELS))
    assert_equal(ours, theirs)
    ours.backward()
    theirs.backward()
    assert_equal(x.grad, y.grad)


OPTIMIZERS = {
    "sgd": lambda optim, p: optim.SGD(p, lr=0.1),
    "momentum": lambda optim, p: optim.SGD(p, lr=0.1, momentum=0.9),
    "dampening": lambda optim, p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.3),
    "nesterov": lambda optim, p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "weight decay": lambda optim, p: optim.SGD(p, lr=0.1, momentum=0.5, weight_decay=0.1),
    "maximize": lambda optim, p: optim.SGD(p, lr=0.01, maximize=True),
    "adam": lambda optim, p: optim.Adam(p, lr=0.05),
    "adam with all": lambda optim, p: optim.Adam(
        p, lr=0.05, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1
    ),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_twenty_steps(name: str) -> None:
    ours, theirs = pair_of(lambda nn: nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 2)))
    x, y = both(RNG.standard_normal((8, 4)))
    target, target_ = both(RNG.standard_normal((8, 2)))
    for model, m, data, wanted in ((ours, ad, x, target), (theirs, torch, y, target_)):
        optimizer = OPTIMIZERS[name](m.optim, model.parameters())
        for _ in range(20):
            optimizer.zero_grad()
            m.nn.functional.mse_loss(model(data), wanted).backward()
            optimizer.step()
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_equal(p, q)


@pytest.mark.parametrize("make", [lambda nn: nn.Linear(64, 256), lambda nn: nn.Conv2d(8, 64, 5)])
def test_initialisation_has_the_same_range(make: Any) -> None:
    ad.manual_seed(0)
    torch.manual_seed(0)
    for p, q in zip(make(ad.nn).parameters(), make(torch.nn).parameters(), strict=True):
        limit, expected = p.detach().abs().max().item(), q.detach().abs().max().item()
        assert limit == pytest.approx(expected, rel=0.15)
        assert p.detach().numpy().std() == pytest.approx(q.detach().numpy().std(), rel=0.15)


def test_calculate_gain() -> None:
    for name in ("linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu"):
        ours, theirs = ad.nn.init.calculate_gain(name), torch.nn.init.calculate_gain(name)
        assert ours == pytest.approx(theirs)
