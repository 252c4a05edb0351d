"""Schedules of the learning rate beside PyTorch's: rates, weights, states, for 25 steps."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

import autodiff as ad
from tests.nn.beside import numbers
from tests.training.cases import SCHEDULES

torch = pytest.importorskip("torch")

pytestmark = [
    pytest.mark.parity,
    # In both libraries, a sequence in a sequence warns of its first step when it is made.
    pytest.mark.filterwarnings("ignore:Detected call of"),
]


by_number = pytest.mark.parametrize("make", SCHEDULES, ids=range(len(SCHEDULES)))


def start(m: Any, make: Callable[[Any, Any], Any]) -> tuple[Any, Any, list[Any]]:
    params = [m.tensor(numbers(3, seed=s), requires_grad=True) for s in (0, 1)]
    groups = [{"params": params[:1]}, {"params": params[1:], "lr": 0.2}]
    optimizer = m.optim.SGD(groups, lr=0.1, momentum=0.9)
    return optimizer, make(m.optim.lr_scheduler, optimizer), params


def run(optimizer: Any, scheduler: Any, params: list[Any], steps: range) -> list[Any]:
    """Rates, momenta and weights after each step."""
    seen = []
    for number in steps:
        optimizer.zero_grad()
        x, y = params
        ((1 + x * x).sqrt().sum() + (1 + (x - y) ** 2).sqrt().sum()).backward()
        optimizer.step()
        metric = [1.0 / (1 + number // 3)] if hasattr(scheduler, "patience") else []
        scheduler.step(*metric)
        seen += scheduler.get_last_lr()
        seen += [group["lr"] for group in optimizer.param_groups]
        seen += [group["momentum"] for group in optimizer.param_groups]
        seen += [w for p in params for w in p.tolist()]
    return seen


@by_number
def test_rates_and_weights(make: Callable[[Any, Any], Any]) -> None:
    ours, theirs = (run(*start(m, make), range(25)) for m in (ad, torch))
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)


@by_number
def test_stopping_and_continuing_changes_nothing(
    make: Callable[[Any, Any], Any], tmp_path: Any
) -> None:
    whole = run(*start(ad, make), range(20))
    optimizer, scheduler, params = start(ad, make)
    seen = run(optimizer, scheduler, params, range(10))
    state = {"o": optimizer.state_dict(), "s": scheduler.state_dict(), "p": params}
    ad.save(state, tmp_path / "state.pt")
    state = ad.load(tmp_path / "state.pt")
    optimizer, scheduler, params = start(ad, make)
    with ad.no_grad():
        for p, saved in zip(params, state["p"], strict=True):
            p.copy_(saved)
    optimizer.load_state_dict(state["o"])
    scheduler.load_state_dict(state["s"])
    assert seen + run(optimizer, scheduler, params, range(10, 20)) == whole


@by_number
def test_a_state_of_pytorch_goes_on_here(make: Callable[[Any, Any], Any]) -> None:
    theirs, ours = start(torch, make), start(ad, make)
    for half_way in (theirs, ours):
        run(*half_way, range(10))
    assert ours[1].state_dict().keys() <= theirs[1].state_dict().keys()

    optimizer, scheduler, params = start(ad, make)
    with ad.no_grad():
        for p, x in zip(params, ours[2], strict=True):
            p.copy_(x)
    optimizer.load_state_dict(ours[0].state_dict())
    scheduler.load_state_dict(theirs[1].state_dict())
    going_on = run(optimizer, scheduler, params, range(10, 20))
    assert going_on == pytest.approx(run(*theirs, range(10, 20)), rel=1e-9, abs=1e-9)


@by_number
def test_a_rate_set_by_hand_is_kept(make: Callable[[Any, Any], Any]) -> None:
    """A schedule that goes from the current rate sees it; one that starts anew does not."""
    found = []
    for m in (ad, torch):
        optimizer, scheduler, params = start(m, make)
        run(optimizer, scheduler, params, range(3))
        optimizer.param_groups[0]["lr"] = 0.77
        found.append(run(optimizer, scheduler, params, range(3, 9)))
    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "setting"), [("StepLR", 4), ("ExponentialLR", 0.7), ("CosineAnnealingLR", 7)]
)
def test_going_on_from_an_epoch(name: str, setting: float) -> None:
    found = []
    for m in (ad, torch):
        optimizer, _, params = start(m, lambda s, o: s.StepLR(o, 3))
        scheduler = getattr(m.optim.lr_scheduler, name)(optimizer, setting, last_epoch=3)
        found.append(run(optimizer, scheduler, params, range(12)))
    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-9)


def test_fractions_of_an_epoch() -> None:
    found = []
    for m in (ad, torch):
        _, scheduler, _ = start(m, lambda s, o: s.CosineAnnealingWarmRestarts(o, 2, 2))
        rates = []
        for epoch in (0.25, 1.5, 2.0, 3.75, 6.5, 1.0):
            scheduler.step(epoch)
            rates += scheduler.get_last_lr()
        found.append(rates)
    assert found[0] == pytest.approx(found[1])


@pytest.mark.parametrize("m", [ad, torch], ids=["ours", "theirs"])
def test_the_order_of_the_two_steps(m: Any) -> None:
    optimizer, scheduler, _ = start(m, lambda s, o: s.StepLR(o, 3))
    with pytest.warns(UserWarning, match=r"`lr_scheduler.step\(\)` before `optimizer.step\(\)`"):
        scheduler.step()
    optimizer, scheduler, _ = start(m, lambda s, o: s.StepLR(o, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        optimizer.step()
        scheduler.step()
        scheduler.step()
