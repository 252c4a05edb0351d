"""Every layer and loss beside PyTorch's in float64: outputs, gradients, state, text."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.nn.beside import array, assert_close, copy_weights, numbers

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


LAYERS += [
    (lambda nn: nn.Conv2d(2, 3, 3, padding="same"), (2, 2, 5, 6)),
    (lambda nn: nn.Conv2d(2, 3, (2, 3), padding="same", dilation=2), (2, 2, 6, 6)),
    (lambda nn: nn.Conv2d(2, 3, 3, padding="valid"), (2, 2, 5, 6)),
    (lambda nn: nn.Conv2d(2, 3, 3, padding=1, padding_mode="reflect"), (2, 2, 5, 6)),
    (lambda nn: nn.Conv2d(2, 3, 3, padding=(2, 1), padding_mode="circular"), (2, 2, 5, 6)),
    (lambda nn: nn.Conv2d(2, 3, 2, padding="same", padding_mode="replicate"), (2, 2, 5, 6)),
    (lambda nn: nn.Conv1d(3, 4, 3), (2, 3, 7)),
    (lambda nn: nn.Conv1d(3, 4, 3), (3, 7)),
    (lambda nn: nn.Conv1d(4, 6, 3, 2, 1, dilation=2, groups=2, bias=False), (2, 4, 9)),
    (lambda nn: nn.Conv1d(3, 4, 3, padding="same", padding_mode="replicate"), (2, 3, 7)),
    (lambda nn: nn.ConvTranspose2d(3, 2, 3), (2, 3, 4, 5)),
    (lambda nn: nn.ConvTranspose2d(3, 2, 3), (3, 4, 5)),
    (
        lambda nn: nn.ConvTranspose2d(4, 6, (2, 3), stride=(2, 3), padding=(0, 1),
                                      output_padding=(1, 2), groups=2, dilation=(1, 2)),
        (2, 4, 3, 4),
    ),
    (lambda nn: nn.ConvTranspose1d(3, 2, 4, stride=2, padding=1, bias=False), (2, 3, 5)),
    (lambda nn: nn.MaxPool2d(3, stride=2, ceil_mode=True), (2, 3, 6, 8)),
    (lambda nn: nn.MaxPool1d(3, 2, 1), (2, 3, 8)),
    (lambda nn: nn.MaxPool1d(2, ceil_mode=True), (3, 7)),
    (lambda nn: nn.AvgPool2d(2), (2, 3, 6, 7)),
    (lambda nn: nn.AvgPool2d(3, 2, 1, ceil_mode=True), (2, 3, 6, 8)),
    (lambda nn: nn.AvgPool2d(3, 2, 1, count_include_pad=False), (2, 3, 6, 7)),
    (lambda nn: nn.AvgPool2d((2, 3), divisor_override=5), (3, 6, 7)),
    (lambda nn: nn.AvgPool1d(3, 2, 1), (2, 3, 8)),
    (lambda nn: nn.AdaptiveAvgPool2d((3, 2)), (2, 3, 7, 5)),
    (lambda nn: nn.AdaptiveAvgPool2d(1), (3, 7, 5)),
    (lambda nn: nn.AdaptiveAvgPool2d((None, 2)), (2, 3, 7, 5)),
    (lambda nn: nn.AdaptiveMaxPool2d((3, 2)), (2, 3, 7, 5)),
    (lambda nn: nn.AdaptiveAvgPool1d(3), (2, 3, 7)),
    (lambda nn: nn.AdaptiveMaxPool1d(3), (2, 3, 7)),
    (lambda nn: nn.BatchNorm1d(4), (5, 4)),
    (lambda nn: nn.BatchNorm1d(4, momentum=None), (5, 4, 3)),
    (lambda nn: nn.BatchNorm1d(4, affine=False), (5, 4)),
    (lambda nn: nn.BatchNorm1d(4, track_running_stats=False), (5, 4)),
    (lambda nn: nn.BatchNorm1d(4).eval(), (5, 4)),
    (lambda nn: nn.BatchNorm2d(3, eps=1e-3, momentum=0.3), (4, 3, 5, 6)),
    (lambda nn: nn.BatchNorm2d(3).eval(), (4, 3, 5, 6)),
    (lambda nn: nn.LayerNorm(6), (4, 5, 6)),
    (lambda nn: nn.LayerNorm((5, 6), eps=1e-3), (4, 5, 6)),
    (lambda nn: nn.LayerNorm(6, elementwise_affine=False), (4, 6)),
    (lambda nn: nn.LayerNorm(6, bias=False), (4, 6)),
    (lambda nn: nn.GroupNorm(2, 6), (4, 6, 3, 2)),
    (lambda nn: nn.GroupNorm(3, 6, affine=False), (4, 6)),
    (lambda nn: nn.InstanceNorm2d(3), (2, 3, 4, 5)),
    (lambda nn: nn.InstanceNorm2d(3, affine=True, track_running_stats=True), (2, 3, 4, 5)),
    (lambda nn: nn.InstanceNorm2d(3), (3, 4, 5)),
    (lambda nn: nn.InstanceNorm1d(3), (2, 3, 4)),
    (lambda nn: nn.RMSNorm(6), (4, 6)),
    (lambda nn: nn.RMSNorm((5, 6), eps=1e-3), (4, 5, 6)),
    (lambda nn: nn.Unflatten(1, (2, 3)), (4, 6)),
    (lambda nn: nn.Unfold(2, dilation=1, padding=1, stride=2), (2, 3, 5, 4)),
    (lambda nn: nn.Fold((4, 5), (2, 2)), (2, 12, 12)),
    (lambda nn: nn.Upsample(scale_factor=2), (2, 3, 4, 5)),
    (lambda nn: nn.Upsample(size=(7, 3)), (2, 3, 4, 5)),
    (lambda nn: nn.Upsample(scale_factor=2, mode="bilinear"), (2, 3, 4, 5)),
    (lambda nn: nn.Upsample(size=(7, 3), mode="bilinear", align_corners=True), (2, 3, 4, 5)),
    (lambda nn: nn.Upsample(scale_factor=1.5, mode="linear"), (2, 3, 4)),
    (lambda nn: nn.ReflectionPad2d((1, 2, 0, 3)), (2, 3, 5, 5)),
    (lambda nn: nn.ReplicationPad2d(2), (2, 3, 5, 5)),
    (lambda nn: nn.ReflectionPad1d(2), (2, 3, 5)),
    (lambda nn: nn.CircularPad2d(2), (2, 3, 5, 5)),
    (lambda nn: nn.ZeroPad2d((1, -1, 2, 0)), (2, 3, 5, 5)),
    (lambda nn: nn.ConstantPad2d(1, 3.5), (2, 3, 5, 5)),
    (lambda nn: nn.PReLU(), (3, 4)),
    (lambda nn: nn.PReLU(4, init=0.1), (3, 4, 2)),
    (lambda nn: nn.RReLU().eval(), (3, 4)),
    (lambda nn: nn.Dropout2d(0.5).eval(), (2, 3, 4, 4)),
    (lambda nn: nn.AlphaDropout(0.5).eval(), (2, 3)),
    (lambda nn: nn.GLU(1), (3, 4)),
    (lambda nn: nn.Softmin(dim=1), (3, 4)),
    *[
        (lambda nn, name=name, arguments=arguments: getattr(nn, name)(*arguments), (5, 6))
        for name, *arguments in (
            ("LeakyReLU",), ("LeakyReLU", 0.3), ("ELU",), ("ELU", 0.5), ("CELU", 0.5), ("SELU",),
            ("GELU",), ("GELU", "tanh"), ("SiLU",), ("Mish",), ("Softplus",),
            ("Softplus", 3.0, 2.0), ("Softsign",), ("Tanhshrink",), ("LogSigmoid",), ("Hardtanh",),
            ("Hardtanh", -0.5, 0.3), ("ReLU6",), ("Hardswish",), ("Hardshrink",),
            ("Softshrink", 0.3), ("SiLU", True), ("Hardtanh", -0.5, 0.3, True),
            ("Threshold", 0.1, 20.0), ("ReLU", True), ("LeakyReLU", 0.2, True), ("ELU", 1.0, True),
        )
    ],
    (lambda nn: nn.Sequential(nn.Linear(4, 4), nn.ReLU(inplace=True), nn.Linear(4, 2)), (3, 4)),
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
        out = layer(x * 1)  # some layers write into their input, which a leaf does not allow
        out.backward(m.tensor(numbers(*out.shape, seed=1)))
        results.append((out, x, list(layer.parameters())))
    (out, x, parameters), (their_out, their_x, their_parameters) = results
    assert_close(out, their_out)
    assert_close(x.grad, their_x.grad)
    for p, their_p in zip(parameters, their_parameters, strict=True):
        assert_close(p.grad, their_p.grad)
    for name, buffer in ours.named_buffers():
        np.testing.assert_allclose(array(buffer), array(dict(theirs.named_buffers())[name]))


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


def test_hardsigmoid() -> None:
    """PyTorch's gradient is off in the 8th digit: it multiplies by 1/6 in single precision."""
    results = []
    for m in (ad, torch):
        x = m.tensor(numbers(5, 6), requires_grad=True)
        out = m.nn.Hardsigmoid()(x)
        out.sum().backward()
        results.append((array(out), array(x.grad)))
    np.testing.assert_allclose(*(out for out, _ in results), rtol=1e-9)
    np.testing.assert_allclose(*(grad for _, grad in results), rtol=1e-6)
