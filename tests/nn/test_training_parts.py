"""Modules, losses, optimizers and data: what a training script relies on."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import autodiff as ad
from autodiff import nn, optim
from autodiff.nn import functional as F  # noqa: N812 - PyTorch's custom
from autodiff.utils.data import DataLoader, Dataset, Subset, TensorDataset
from autodiff.vision.datasets import Digits


def small_net() -> nn.Sequential:
    ad.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))


# -- modules -----------------------------------------------------------------------------------


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(2, 3)
        self.scale = nn.Parameter(ad.ones(3))
        self.register_buffer("seen", ad.zeros(1))
        self.blocks = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3)])

    def forward(self, x: ad.Tensor) -> ad.Tensor:
        x = self.first(x) * self.scale
        for block in self.blocks:
            x = block(x).relu()
        return x


def test_a_module_finds_what_it_learns() -> None:
    names = [name for name, _ in Net().named_parameters()]
    assert names == [
        "scale", "first.weight", "first.bias",
        "blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias",
    ]  # fmt: skip


def test_a_shared_layer_counts_once() -> None:
    layer = nn.Linear(2, 2)
    assert len(list(nn.Sequential(layer, nn.ReLU(), layer).parameters())) == 2


def test_reassigning_replaces() -> None:
    net = Net()
    net.first = nn.Linear(2, 3, bias=False)
    assert "first.bias" not in dict(net.named_parameters())
    net.seen = ad.ones(1)
    assert net.state_dict()["seen"].tolist() == [1.0]
    del net.scale
    assert not hasattr(net, "scale")


def test_state_dict_round_trip() -> None:
    net, other = Net(), Net()
    result = other.load_state_dict(net.state_dict())
    assert repr(result) == "<All keys matched successfully>"
    for a, b in zip(net.parameters(), other.parameters(), strict=True):
        assert a.tolist() == b.tolist()
        assert not np.shares_memory(a.value, b.value)


def test_state_dict_mismatches_are_all_named_and_nothing_is_loaded() -> None:
    net = Net()
    state = net.state_dict()
    before = net.first.bias.tolist()
    state["first.bias"] = ad.zeros(3)
    state["extra"] = ad.zeros(1)
    state["first.weight"] = ad.zeros(9, 9)
    del state["scale"]
    with pytest.raises(RuntimeError) as caught:
        net.load_state_dict(state)
    message = str(caught.value)
    for part in ("Missing key(s): scale", "Unexpected key(s): extra", "first.weight: [9, 9]"):
        assert part in message
    assert net.first.bias.tolist() == before


def test_train_eval_and_dropout() -> None:
    ad.manual_seed(0)
    net = nn.Sequential(nn.Dropout(0.5))
    x = ad.ones(1000)
    dropped = net(x)
    assert set(dropped.tolist()) == {0.0, 2.0}
    assert 400 < (dropped == 0).sum().item() < 600
    assert net.eval()(x) is x
    assert not net[0].training


def test_forgetting_super_init_teaches() -> None:
    class Forgetful(nn.Module):
        def __init__(self) -> None:
            self.layer = nn.Linear(1, 1)

    with pytest.raises(AttributeError, match=r"super\(\).__init__\(\)"):
        Forgetful()


def test_calling_a_module_without_forward() -> None:
    with pytest.raises(NotImplementedError, match='missing the required "forward"'):
        nn.Module()(1)


def test_deepcopy_is_independent() -> None:
    net = small_net()
    other = copy.deepcopy(net)
    with ad.no_grad():
        other[0].weight.zero_()
    assert net[0].weight.abs().sum().item() > 0
    assert isinstance(other[0].weight, nn.Parameter)


def test_freezing_a_layer() -> None:
    net = small_net()
    net[0].requires_grad_(False)
    net(ad.ones(1, 4)).sum().backward()
    assert net[0].weight.grad is None
    assert net[2].weight.grad is not None


def test_double() -> None:
    net = small_net().double()
    assert net(ad.ones(1, 4, dtype=ad.float64)).dtype is ad.float64


# -- losses ------------------------------------------------------------------------------------


def test_cross_entropy_does_not_overflow() -> None:
    x = ad.tensor([[1000.0, 0.0]], requires_grad=True)
    loss = F.cross_entropy(x, ad.tensor([1]))
    loss.backward()
    assert loss.item() == 1000.0
    assert x.grad.tolist() == [[1.0, -1.0]]


def test_the_loss_of_certainty_is_zero_without_a_sign() -> None:
    assert str(F.cross_entropy(ad.tensor([[1000.0, 0.0]]), ad.tensor([0]))) == "tensor(0.)"


def test_ignored_targets_get_no_gradient() -> None:
    x = ad.randn(3, 4).requires_grad_()
    F.cross_entropy(x, ad.tensor([1, -100, 2])).backward()
    assert x.grad[1].tolist() == [0.0] * 4
    assert x.grad[0].abs().sum().item() > 0


# -- optimizers -----------------------------------------------------------------------------------


def test_sgd_with_momentum_by_hand() -> None:
    w = ad.tensor(1.0, dtype=ad.float64, requires_grad=True)
    optimizer = optim.SGD([w], lr=0.1, momentum=0.9)
    positions = []
    for _ in range(3):
        optimizer.zero_grad()
        (w * w).backward()
        optimizer.step()
        positions.append(w.item())
    # v = 0.9 v + 2 w, then w = w - 0.1 v
    assert positions == pytest.approx([0.8, 0.46, 0.062])


def test_optimizers_reach_a_minimum() -> None:
    for make in (
        lambda p: optim.SGD(p, lr=0.1, momentum=0.5, nesterov=True),
        lambda p: optim.Adam(p, lr=0.1),
    ):
        w = ad.tensor([3.0, -2.0], requires_grad=True)
        optimizer = make([w])
        for _ in range(300):
            optimizer.zero_grad()
            ((w - ad.tensor([1.0, 2.0])) ** 2).sum().backward()
            optimizer.step()
        assert w.tolist() == pytest.approx([1.0, 2.0], abs=1e-3)


def test_a_step_is_an_in_place_write() -> None:
    w = ad.tensor([2.0], requires_grad=True)
    y = (w * w).sum()
    optimizer = optim.SGD([w], lr=0.1)
    y.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(RuntimeError, match="inplace"):
        y.backward()


def test_parameter_groups_and_state() -> None:
    a, b = ad.ones(1, requires_grad=True), ad.ones(1, requires_grad=True)
    optimizer = optim.SGD([{"params": [a]}, {"params": [b], "lr": 1.0}], lr=0.1, momentum=0.9)
    (a + b).backward()
    optimizer.step()
    assert a.item() == pytest.approx(0.9)
    assert b.item() == pytest.approx(0.0)
    state = optimizer.state_dict()
    again = optim.SGD([{"params": [a]}, {"params": [b]}], lr=0.5, momentum=0.9)
    again.load_state_dict(state)
    assert again.param_groups[1]["lr"] == 1.0
    assert again.state[a]["momentum_buffer"].tolist() == [1.0]
    with pytest.raises(ValueError, match="different number of parameter groups"):
        optim.SGD([a]).load_state_dict(state)


def test_step_with_a_closure_returns_the_loss() -> None:
    w = ad.tensor([2.0], requires_grad=True)
    optimizer = optim.SGD([w], lr=0.1)

    def closure() -> ad.Tensor:
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 4.0
    assert w.item() == pytest.approx(1.6)


# -- data --------------------------------------------------------------------------------------


class Squares(Dataset):
    def __getitem__(self, index: int) -> tuple[int, dict[str, float]]:
        if index >= len(self):
            raise IndexError(index)
        return index, {"square": float(index**2)}

    def __len__(self) -> int:
        return 7


def test_batches_keep_the_structure_of_samples() -> None:
    batches = list(DataLoader(Squares(), batch_size=3))
    assert [x.tolist() for x, _ in batches] == [[0, 1, 2], [3, 4, 5], [6]]
    assert batches[0][1]["square"].tolist() == [0.0, 1.0, 4.0]
    loader = DataLoader(Squares(), batch_size=3, drop_last=True)
    assert len(loader) == len(list(loader)) == 2


def test_shuffling_visits_everything_in_a_new_order_each_time() -> None:
    loader = DataLoader(TensorDataset(ad.arange(50)), batch_size=8, shuffle=True)
    first, second = ([i for (batch,) in loader for i in batch.tolist()] for _ in range(2))
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second


def test_shuffling_is_reproducible() -> None:
    def order() -> list[int]:
        generator = ad.Generator().manual_seed(3)
        loader = DataLoader(TensorDataset(ad.arange(20)), 4, shuffle=True, generator=generator)
        return [i for (batch,) in loader for i in batch.tolist()]

    assert order() == order()


def test_the_fast_way_through_tensors_gives_the_same_batches() -> None:
    data = TensorDataset(ad.randn(10, 3), ad.arange(10))
    plain = DataLoader(Subset(data, range(10)), batch_size=4)
    for fast, slow in zip(DataLoader(data, batch_size=4), plain, strict=True):
        assert [x.tolist() for x in fast] == [x.tolist() for x in slow]


def test_digits() -> None:
    train, test = Digits(train=True), Digits(train=False)
    assert (len(train), len(test)) == (1437, 360)
    image, label = test[5]
    assert image.shape == (1, 8, 8)
    assert image.dtype is ad.float32
    assert isinstance(label, int)
    pixels = train.data.numpy()
    assert pixels.min() == 0.0
    assert pixels.max() == 1.0
    assert np.bincount(train.targets.numpy()).min() > 120
    assert Digits(transform=lambda x: x * 2, target_transform=str)[0][1] == str(train[0][1])


# -- training ----------------------------------------------------------------------------------


def test_a_net_learns_to_read_digits() -> None:
    ad.manual_seed(0)
    train, test = Digits(train=True), Digits(train=False)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for _ in range(5):
        for x, y in DataLoader(TensorDataset(train.data, train.targets), 32, shuffle=True):
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
    with ad.no_grad():
        right = model(test.data).argmax(1) == test.targets
    assert right.float().mean().item() > 0.93
