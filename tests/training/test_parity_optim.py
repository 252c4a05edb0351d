"""Optimizers beside PyTorch's: the same weights after every one of 20 steps, in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import autodiff as ad
from tests.nn.beside import assert_close, copy_weights, numbers
from tests.training.cases import OPTIMIZERS

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.parity


def net(m: Any) -> Any:
    nn = m.nn
    return nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)).double()


def run(m: Any, model: Any, optimizer: Any, steps: int) -> None:
    x, target = m.tensor(numbers(8, 4)), m.tensor(numbers(8, 3, seed=1))
    for _ in range(steps):
        optimizer.zero_grad()
        m.nn.functional.mse_loss(model(x), target).backward()
        optimizer.step()


@pytest.mark.parametrize("make", OPTIMIZERS, ids=range(len(OPTIMIZERS)))
def test_steps(make: Callable[[Any, Any], Any]) -> None:
    theirs, ours = net(torch), net(ad)
    copy_weights(theirs, ours)
    their_optimizer = make(torch.optim, theirs.parameters())
    optimizer = make(ad.optim, ours.parameters())
    for _ in range(20):
        run(torch, theirs, their_optimizer, 1)
        run(ad, ours, optimizer, 1)
        for p, their_p in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert_close(p, their_p)


@pytest.mark.parametrize("make", OPTIMIZERS, ids=range(len(OPTIMIZERS)))
def test_the_state_has_the_same_names(make: Callable[[Any, Any], Any]) -> None:
    states = []
    for m in (ad, torch):
        model = net(m)
        optimizer = make(m.optim, model.parameters())
        run(m, model, optimizer, 2)
        states.append(optimizer.state_dict())
    ours, theirs = states
    assert ours["state"].keys() == theirs["state"].keys()
    for number, state in theirs["state"].items():
        kept = {name for name, value in state.items() if value is not None}
        assert ours["state"][number].keys() == kept
    for group, their_group in zip(ours["param_groups"], theirs["param_groups"], strict=True):
        assert group.keys() <= their_group.keys()
        assert group == {name: their_group[name] for name in group}


@pytest.mark.parametrize("make", OPTIMIZERS, ids=range(len(OPTIMIZERS)))
def test_text(make: Callable[[Any, Any], Any]) -> None:
    ours, theirs = (repr(make(m.optim, net(m).parameters())).split("\n") for m in (ad, torch))
    left_out = ("capturable", "decoupled_weight_decay", "differentiable", "foreach", "fused")
    assert ours == [line for line in theirs if not line.strip().startswith(left_out)]


@pytest.mark.parametrize("shape", [(0,), (2, 0), (), (1,), (1, 3)], ids=str)
@pytest.mark.parametrize("make", OPTIMIZERS, ids=range(len(OPTIMIZERS)))
def test_unusual_shapes(make: Callable[[Any, Any], Any], shape: tuple[int, ...]) -> None:
    found = []
    for m in (ad, torch):
        params = [m.tensor(numbers(*shape), requires_grad=True), m.ones(2, requires_grad=True)]
        optimizer = make(m.optim, params)
        for _ in range(3):
            optimizer.zero_grad()
            ((params[0] ** 2).sum() + params[1].sum()).backward()
            optimizer.step()
        found.append(params[0])
    assert_close(*found)


@pytest.mark.parametrize("make", OPTIMIZERS, ids=range(len(OPTIMIZERS)))
def test_stopping_and_continuing_changes_nothing(make: Callable[[Any, Any], Any]) -> None:
    through, stopped, continued = net(ad), net(ad), net(ad)
    stopped.load_state_dict(through.state_dict())
    run(ad, through, make(ad.optim, through.parameters()), 10)

    before = make(ad.optim, stopped.parameters())
    run(ad, stopped, before, 5)
    continued.load_state_dict(stopped.state_dict())
    after = make(ad.optim, continued.parameters())
    after.load_state_dict(before.state_dict())
    run(ad, stopped, before, 1)  # what was saved is a copy: going on does not change it
    run(ad, continued, after, 5)
    for p, q in zip(through.parameters(), continued.parameters(), strict=True):
        assert p.tolist() == q.tolist()


def test_a_parameter_without_gradient_stays() -> None:
    for m in (ad, torch):
        used, unused = m.ones(1, requires_grad=True), m.ones(1, requires_grad=True)
        optimizer = m.optim.SGD([used, unused], lr=0.1, weight_decay=0.5)
        used.sum().backward()
        optimizer.step()
        assert unused.item() == 1.0
        assert used.item() == pytest.approx(1 - 0.1 * 1.5)


def test_gradients_zeroed_in_place() -> None:
    for m in (ad, torch):
        w = m.ones(1, requires_grad=True)
        optimizer = m.optim.SGD([w], lr=0.1)
        w.sum().backward()
        grad = w.grad
        optimizer.zero_grad(set_to_none=False)
        assert w.grad is grad
        assert grad.item() == 0.0


@pytest.mark.parametrize("make", OPTIMIZERS[:21], ids=range(21))
def test_a_number_as_parameter(make: Callable[[Any, Any], Any]) -> None:
    found = []
    for m in (ad, torch):
        w = m.tensor(2.0, dtype=m.float64, requires_grad=True)
        optimizer = make(m.optim, [w])
        for _ in range(20):
            optimizer.zero_grad()
            (w * w + m.sin(w)).backward()
            optimizer.step()
        again = make(m.optim, [w])
        again.load_state_dict(optimizer.state_dict())
        for _ in range(3):
            again.zero_grad()
            (w * w + m.sin(w)).backward()
            again.step()
        found.append(w.item())
    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-9)


def test_a_group_added_later_and_a_closure() -> None:
    found = []
    for m in (ad, torch):
        early, late = (m.tensor(numbers(3, seed=s), requires_grad=True) for s in (0, 1))
        optimizer = m.optim.SGD([early], lr=0.1, momentum=0.9)

        def closure(optimizer: Any = optimizer, early: Any = early, late: Any = late) -> Any:
            optimizer.zero_grad()
            loss = ((early - late) ** 2).sum() + late.exp().sum()
            loss.backward()
            return loss

        losses = [optimizer.step(closure).item() for _ in range(5)]
        optimizer.add_param_group({"params": [late], "lr": 0.01, "nesterov": True})
        losses += [optimizer.step(closure).item() for _ in range(5)]
        found.append(losses + early.tolist() + late.tolist())
    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-9)


def test_the_state_holds_tensors() -> None:
    for m in (ad, torch):
        w = m.ones(2, requires_grad=True)
        optimizer = m.optim.Adam([w])
        w.sum().backward()
        optimizer.step()
        state = optimizer.state_dict()["state"][0]
        assert isinstance(state["exp_avg"], m.Tensor)
        assert state["exp_avg"].shape == (2,)
        assert int(state["step"]) == 1


def test_named_parameters() -> None:
    groups = []
    for m in (ad, torch):
        model = net(m)
        optimizer = m.optim.Adam(model.named_parameters())
        run(m, model, optimizer, 1)
        groups.append(optimizer.state_dict()["param_groups"][0])
    assert groups[0]["param_names"] == groups[1]["param_names"]
    assert groups[0]["params"] == groups[1]["params"]


@pytest.mark.parametrize("m", [ad, torch], ids=["ours", "theirs"])
def test_a_parameter_twice_in_a_group(m: Any) -> None:
    w = m.ones(1, requires_grad=True)
    with pytest.warns(UserWarning, match="duplicate parameters"):
        optimizer = m.optim.SGD([w, w], lr=0.25)
    w.sum().backward()
    optimizer.step()
    assert w.item() == 0.5
