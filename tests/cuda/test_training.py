"""Layers, losses, optimizers and small trainings: on the GPU as on the CPU."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff import nn, optim
from autodiff.nn import functional as F  # noqa: N812


def randn(*shape: int) -> ad.Tensor:
    return ad.tensor(np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32))


IMAGE, SEQUENCE, ROWS = (2, 2, 6, 6), (2, 3, 5), (4, 3)
LAYERS: list[tuple[Callable[[], nn.Module], tuple[int, ...]]] = [
    (lambda: nn.Linear(3, 2), ROWS), (lambda: nn.Linear(3, 2, bias=False), ROWS),
    (lambda: nn.Conv2d(2, 3, 3, padding=1), IMAGE),
    (lambda: nn.Conv2d(2, 4, 3, stride=2, groups=2, bias=False), IMAGE),
    (lambda: nn.Conv2d(2, 2, 2, dilation=2), IMAGE), (lambda: nn.Conv1d(3, 2, 3), SEQUENCE),
    (lambda: nn.ConvTranspose2d(2, 3, 3, stride=2), IMAGE),
    (lambda: nn.MaxPool2d(2), IMAGE), (lambda: nn.MaxPool2d(3, 2, 1), IMAGE),
    (lambda: nn.AvgPool2d(2), IMAGE),
    (lambda: nn.AvgPool2d(3, 2, 1, count_include_pad=False), IMAGE),
    (lambda: nn.AdaptiveAvgPool2d(2), IMAGE), (lambda: nn.AdaptiveMaxPool2d(3), IMAGE),
    (lambda: nn.BatchNorm2d(2), IMAGE), (lambda: nn.BatchNorm1d(3), ROWS),
    (lambda: nn.LayerNorm(3), ROWS), (lambda: nn.GroupNorm(2, 2), IMAGE),
    (lambda: nn.InstanceNorm2d(2), IMAGE), (lambda: nn.RMSNorm(3), ROWS),
    (lambda: nn.Flatten(), IMAGE), (lambda: nn.Upsample(scale_factor=2), IMAGE),
    (lambda: nn.Upsample(scale_factor=2, mode="bilinear"), IMAGE),
    (lambda: nn.MultiheadAttention(4, 2), (3, 2, 4)),
    (lambda: nn.Softmax(1), ROWS), (lambda: nn.LogSoftmax(0), ROWS),
    *((getattr(nn, name), ROWS) for name in (
        "ReLU", "LeakyReLU", "ELU", "SELU", "GELU", "SiLU", "Mish", "Softplus", "Softsign",
        "Hardtanh", "Hardswish", "Hardsigmoid", "ReLU6", "LogSigmoid", "Tanhshrink", "Sigmoid",
        "Tanh", "PReLU", "CELU", "Softshrink", "Hardshrink",
    )),
]  # fmt: skip


def outcome(layer: nn.Module, x: ad.Tensor, device: str) -> list[np.ndarray]:
    layer = copy.deepcopy(layer).to(device)
    x = x.detach().to(device).requires_grad_()
    out = layer(x, x, x)[0] if isinstance(layer, nn.MultiheadAttention) else layer(x)
    assert out.device.type == device
    (out * out).sum().backward()
    values = [out.detach(), x.grad, *(p.grad for p in layer.parameters()), *layer.buffers()]
    return [v.cpu().numpy() for v in values if v is not None]


@pytest.mark.parametrize(("make", "shape"), LAYERS, ids=[repr(make()) for make, _ in LAYERS])
def test_layer(make: Callable[[], nn.Module], shape: tuple[int, ...]) -> None:
    ad.manual_seed(0)
    layer, x = make(), randn(*shape)
    for ours, expected in zip(outcome(layer, x, "cuda"), outcome(layer, x, "cpu"), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("make", [nn.RNN, nn.LSTM, nn.GRU])
def test_recurrent_layer(make: Any) -> None:
    ad.manual_seed(0)
    layer, x = make(3, 2), randn(3, 2, 3)
    out, _ = layer(x)
    moved, _ = copy.deepcopy(layer).to("cuda")(x.to("cuda"))
    np.testing.assert_allclose(moved.detach().cpu(), out.detach(), rtol=1e-4, atol=1e-6)


CLASSES = ad.tensor([0, 2, 1, 2])
LOSSES: list[tuple[str, Any, ad.Tensor]] = [
    ("cross_entropy", lambda x, t: F.cross_entropy(x, t), CLASSES),
    ("smoothed", lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1), CLASSES),
    ("ignoring", lambda x, t: F.cross_entropy(x, t, ignore_index=2), CLASSES),
    ("none", lambda x, t: F.cross_entropy(x, t, reduction="none").sum(), CLASSES),
    ("mse", F.mse_loss, randn(4, 3)), ("l1", F.l1_loss, randn(4, 3)),
    ("huber", F.huber_loss, randn(4, 3)), ("smooth_l1", F.smooth_l1_loss, randn(4, 3)),
    ("bce", F.binary_cross_entropy_with_logits, (randn(4, 3) > 0).float()),
    (
        "kl",
        lambda x, t: F.kl_div(x.log_softmax(1), t.softmax(1), reduction="batchmean"),
        randn(4, 3),
    ),
    ("margin", F.multi_margin_loss, CLASSES),
]  # fmt: skip


@pytest.mark.parametrize(("name", "loss", "target"), LOSSES, ids=[x[0] for x in LOSSES])
def test_loss(name: str, loss: Any, target: ad.Tensor) -> None:
    x = randn(4, 3).requires_grad_()
    y = x.detach().to("cuda").requires_grad_()
    expected, ours = loss(x, target), loss(y, target.to("cuda"))
    expected.backward()
    ours.backward()
    assert ours.item() == pytest.approx(expected.item(), rel=1e-4)
    np.testing.assert_allclose(y.grad.cpu(), x.grad, rtol=1e-4, atol=1e-6)


def test_a_class_number_out_of_range_is_reported_when_the_loss_is_read() -> None:
    x = randn(2, 3).to("cuda")
    loss = F.cross_entropy(x, ad.tensor([0, 3], device="cuda"))
    with pytest.raises(IndexError, match="out of range"):
        loss.item()


INITIAL: dict[str, Callable[[ad.Tensor], ad.Tensor]] = {
    "uniform": lambda x: nn.init.uniform_(x, -2.0, 2.0),
    "normal": lambda x: nn.init.normal_(x, 0.0, 0.4),
    "truncated": lambda x: nn.init.trunc_normal_(x, 0.0, 2.0, -2.0, 2.0),
}


@pytest.mark.parametrize("dtype", [ad.float32, ad.float64])
@pytest.mark.parametrize("fill", INITIAL.values(), ids=INITIAL)
def test_initial_values_are_drawn_where_the_parameter_is(fill: Any, dtype: ad.dtype) -> None:
    def drawn() -> np.ndarray:
        ad.manual_seed(0)
        return fill(ad.empty(100, dtype=dtype, device="cuda")).cpu().numpy()

    x = drawn()
    np.testing.assert_array_equal(drawn(), x)
    assert abs(x.mean()) < 0.5
    assert 0.8 < np.abs(x).max() <= 2.0
    assert len(np.unique(x)) == 100
    assert (x.astype(np.float32) != x).any() == (dtype is ad.float64)  # all digits are drawn
    ad.manual_seed(0)
    before = ad.default_generator.numpy.bit_generator.state
    fill(ad.empty(100, dtype=dtype, device="cuda"))
    assert ad.default_generator.numpy.bit_generator.state == before  # the CPU drew nothing


def test_embedding_and_dropout() -> None:
    table = nn.Embedding(5, 3).to("cuda")
    numbers = ad.tensor([[1, 4], [1, 0]], device="cuda")
    out = table(numbers)
    out.sum().backward()
    assert table.weight.grad[:, 0].tolist() == [1.0, 2.0, 0.0, 0.0, 1.0]
    ad.manual_seed(0)
    x = ad.ones(400, device="cuda")
    dropped = F.dropout(x, 0.25)
    kept = dropped[dropped != 0]
    assert 250 < kept.numel() < 350
    assert kept.tolist() == pytest.approx([4 / 3] * kept.numel())


def lenet() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(2, 3, 3, bias=False),
        nn.BatchNorm2d(3), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(3, 4),
    )  # fmt: skip


OPTIMIZERS: dict[str, Callable[[Any], optim.Optimizer]] = {
    "SGD": lambda p: optim.SGD(p, lr=0.1),
    "momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3),
    "Adam": lambda p: optim.Adam(p, lr=0.01), "amsgrad": lambda p: optim.Adam(p, amsgrad=True),
    "dampened": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.5, maximize=True),
    "centered": lambda p: optim.RMSprop(
        p, lr=0.01, centered=True, momentum=0.5, weight_decay=1e-2
    ),
    "AdamW": lambda p: optim.AdamW(p, lr=0.01), "RMSprop": lambda p: optim.RMSprop(p, lr=0.01),
    "Adagrad": lambda p: optim.Adagrad(p, lr=0.01), "Adadelta": lambda p: optim.Adadelta(p),
}  # fmt: skip


def mlp() -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 3), nn.Tanh(), nn.Linear(3, 4))


@pytest.mark.parametrize(
    ("make", "name"), [(lenet, "momentum"), *((mlp, name) for name in OPTIMIZERS)]
)
def test_training(make: Callable[[], nn.Module], name: str) -> None:
    """A few steps: the same losses, and in the end the same weights."""

    def train(device: str) -> tuple[list[float], list[np.ndarray]]:
        ad.manual_seed(0)
        model = make().to(device)
        optimizer = OPTIMIZERS[name](model.parameters())
        x, target = randn(4, 1, 8, 8).to(device), ad.tensor([0, 3, 1, 2]).to(device)
        losses = []
        for _ in range(3):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), target)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses, [p.detach().cpu().numpy() for p in model.parameters()]

    losses, weights = train("cuda")
    expected_losses, expected_weights = train("cpu")
    assert (losses[-1] < losses[0]) != (name == "dampened")  # which climbs
    np.testing.assert_allclose(losses, expected_losses, rtol=1e-3)
    for w, expected in zip(weights, expected_weights, strict=True):
        np.testing.assert_allclose(w, expected, rtol=5e-3, atol=1e-4)


def test_a_state_of_the_cpu_is_continued_on_the_gpu() -> None:
    x = randn(3)
    p = x.clone().requires_grad_()
    first = optim.Adam([p], lr=0.1)
    p.grad = ad.ones(3)
    first.step()
    q = p.detach().to("cuda").requires_grad_()
    second = optim.Adam([q], lr=0.1)
    second.load_state_dict(first.state_dict())
    assert second.state[q]["exp_avg"].device == q.device
    q.grad = ad.full((3,), 2.0, device="cuda")
    p.grad = ad.full((3,), 2.0)
    first.step()
    second.step()
    np.testing.assert_allclose(q.detach().cpu(), p.detach(), rtol=1e-6)


@pytest.mark.parametrize("dtype", [ad.float64, ad.float16])
def test_gradients_in_another_order_and_other_dtypes(dtype: ad.dtype) -> None:
    """Stretches of several blocks; a transposed gradient; a dtype that has no kernel."""
    weights = [randn(70, 60).to(dtype), randn(3).to(dtype)]

    def train(device: str) -> list[np.ndarray]:
        parameters = [w.to(device).clone().requires_grad_() for w in weights]
        optimizer = optim.SGD(parameters, lr=0.5, momentum=0.5, weight_decay=0.1)
        for _ in range(2):
            for p in parameters:
                p.grad = p.detach().t().contiguous().t() * 2 if p.ndim == 2 else p.detach() * 3
            optimizer.step()
        return [p.detach().cpu().numpy() for p in parameters]

    rtol = 1e-12 if dtype == ad.float64 else 1e-2
    for w, expected in zip(train("cuda"), train("cpu"), strict=True):
        np.testing.assert_allclose(w, expected, rtol=rtol, atol=rtol)


def test_training_on_digits() -> None:
    from autodiff.vision.datasets import Digits

    data = Digits(train=True)
    images = ad.stack([ad.tensor(np.asarray(data[i][0], np.float32) / 16) for i in range(6)])
    x = images.reshape(6, -1).to("cuda")
    target = ad.tensor([data[i][1] for i in range(6)], device="cuda")
    ad.manual_seed(0)
    model = nn.Sequential(nn.Linear(x.shape[1], 6), nn.ReLU(), nn.Linear(6, 10)).to("cuda")
    optimizer = optim.SGD(model.parameters(), lr=0.5)
    losses = []
    for _ in range(6):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


def test_a_whole_step_can_be_captured() -> None:
    """Forward, backward and update need no value on the host, so one graph holds them all."""

    def step(model: nn.Module, optimizer: optim.Optimizer, x: ad.Tensor, t: ad.Tensor) -> ad.Tensor:
        optimizer.zero_grad(set_to_none=False)
        loss = F.cross_entropy(model(x), t)
        loss.backward()
        optimizer.step()
        return loss

    def prepared() -> tuple[Any, ...]:
        ad.manual_seed(0)
        model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3)).to("cuda")
        optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
        x, t = randn(4, 3).to("cuda"), CLASSES.to("cuda")
        step(model, optimizer, x, t)
        return model, optimizer, x, t

    model, *rest = prepared()
    expected = [step(model, *rest).item() for _ in range(3)]
    model, *rest = prepared()
    graph = ad.cuda.CUDAGraph()
    with ad.cuda.graph(graph):
        loss = step(model, *rest)
    losses = []
    for _ in range(3):
        graph.replay()
        losses.append(loss.item())
    np.testing.assert_allclose(losses, expected, rtol=1e-5)


def test_clipped_gradients() -> None:
    x = ad.ones(3, device="cuda", requires_grad=True)
    (x * 10).sum().backward()
    norm = nn.utils.clip_grad_norm_([x], 1.0)
    assert norm.item() == pytest.approx(10 * 3**0.5)
    np.testing.assert_allclose(x.grad.cpu(), [3**-0.5] * 3, rtol=1e-4)


def test_states_move_with_the_model(tmp_path: Any) -> None:
    model = lenet().to("cuda")
    assert all(t.is_cuda for t in model.state_dict().values())
    ad.save(model.state_dict(), tmp_path / "model")
    loaded = ad.load(tmp_path / "model", map_location="cpu")
    assert all(not t.is_cuda for t in loaded.values())
    other = lenet()
    other.load_state_dict(loaded)
    for p, q in zip(other.cpu().parameters(), model.cpu().parameters(), strict=True):
        np.testing.assert_array_equal(p.detach(), q.detach())


def test_data_parallel_over_two_devices() -> None:
    ad.manual_seed(0)
    model = nn.Linear(3, 2)
    x = randn(4, 3)
    expected = model(x)
    parallel = nn.DataParallel(copy.deepcopy(model).to("cuda"), device_ids=[0, 1])
    out = parallel(x.to("cuda"))
    np.testing.assert_allclose(out.detach().cpu(), expected.detach(), rtol=1e-5)
