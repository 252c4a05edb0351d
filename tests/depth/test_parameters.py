"""A module of 10,000 parameters, and all that is done to parameters."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest

import autodiff as ad
from autodiff import nn, optim
from tests.depth.memory import assert_gives_back

MANY = 10_000

OPTIMIZERS = [
    kind
    for kind in vars(optim).values()
    if isinstance(kind, type) and issubclass(kind, optim.Optimizer) and kind is not optim.Optimizer
]


class Many(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.ParameterList([nn.Parameter(ad.ones(2)) for _ in range(MANY)])

    def forward(self) -> Any:
        return ad.stack(list(self.parts)).sum()


@pytest.mark.slow
def test_states_copies_and_files(tmp_path: Path) -> None:
    def used() -> None:
        model = Many()
        file = tmp_path / "model.pt"
        ad.save(model.state_dict(), file)
        other = Many()
        with ad.no_grad():
            for p in other.parameters():
                p.zero_()
        other.load_state_dict(ad.load(file))
        for same in (other, copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
            assert all(p.tolist() == [1, 1] for p in same.parameters())
        assert len(dict(model.double().named_parameters())) == MANY

    assert_gives_back(used, cycles=True)


@pytest.mark.slow
def test_clipping_and_zeroing() -> None:
    def used() -> None:
        model = Many()
        model().backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        assert norm.item() == pytest.approx((2 * MANY) ** 0.5)
        assert model.parts[7].grad.tolist() == pytest.approx([(2 * MANY) ** -0.5] * 2, rel=1e-4)
        nn.utils.clip_grad_value_(model.parameters(), 1e-3)
        assert model.parts[7].grad.tolist() == pytest.approx([1e-3] * 2)
        model.zero_grad()
        assert all(p.grad is None for p in model.parameters())
        vector = nn.utils.parameters_to_vector(model.parameters())
        nn.utils.vector_to_parameters(vector * 2, model.parameters())
        assert model.parts[MANY - 1].tolist() == [2, 2]

    assert_gives_back(used, cycles=True)


@pytest.mark.slow
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_an_optimizer(kind: Any, tmp_path: Path) -> None:
    def used() -> None:
        model = Many()
        optimizer = kind(model.parameters(), lr=0.1)
        for _ in range(2):
            optimizer.zero_grad()
            model().backward()
            optimizer.step()
        moved = model.parts[0].tolist()
        assert moved[0] < 1
        assert all(p.tolist() == moved for p in model.parameters())
        optimizer.load_state_dict(optimizer.state_dict())
        if kind is optim.Adam:
            ad.save(optimizer.state_dict(), tmp_path / "optimizer.pt")
            optimizer.load_state_dict(ad.load(tmp_path / "optimizer.pt"))

    assert_gives_back(used, cycles=True)


@pytest.mark.slow
def test_as_many_layers_in_a_row() -> None:
    def used() -> None:
        model = nn.Sequential(*[nn.Linear(1, 1, bias=False) for _ in range(MANY)])
        nn.utils.vector_to_parameters(ad.ones(MANY), model.parameters())
        x = ad.ones(1, 1, requires_grad=True)
        model(x).sum().backward()
        assert x.grad.item() == 1
        assert len(repr(model).splitlines()) == MANY + 2

    assert_gives_back(used, cycles=True)
