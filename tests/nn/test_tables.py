"""Every layer, loss, function, optimizer and schedule has a row in the table of its parity test."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from autodiff import nn, optim, tensor
from tests.nn.beside import numbers
from tests.nn.cases.functions import FUNCTIONS
from tests.nn.cases.layers import LAYERS, RANDOM
from tests.nn.cases.losses import LOSSES
from tests.nn.cases.sequences import ATTENTION, CELLS, EMBEDDINGS, RECURRENT
from tests.training.cases import OPTIMIZERS, SCHEDULES

ELSEWHERE = {
    "Module", "ModuleDict", "ModuleList", "Parameter", "ParameterDict", "ParameterList",
    "DataParallel", "Optimizer", "LRScheduler",
}  # fmt: skip
"""Bases, containers and what spreads batches over devices: they have tests of their own."""


class Recorder:
    """A module that notes which of its names are used."""

    def __init__(self, module: ModuleType) -> None:
        self.module, self.used = module, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.used.add(name)
        return getattr(self.module, name)


def layers() -> set[str]:
    makes = [row[0] for row in [*LAYERS, *RECURRENT, *ATTENTION]] + CELLS + EMBEDDINGS
    return {type(make(nn)).__name__ for make in makes} | {name for name, *_ in LOSSES}


def functions() -> set[str]:
    recorder = Recorder(nn.functional)
    x, y = tensor(numbers(4, 6)), tensor(numbers(4, 6, seed=1))
    for call in FUNCTIONS:
        call(recorder, x, y)
    return recorder.used


def optimizers() -> set[str]:
    return {type(make(optim, nn.Linear(1, 1).parameters())).__name__ for make in OPTIMIZERS}


def schedules() -> set[str]:
    weights = [{"params": [nn.Parameter(tensor([float(i)]))]} for i in range(2)]
    return {
        type(make(optim.lr_scheduler, optim.SGD(weights, lr=0.1, momentum=0.9))).__name__
        for make in SCHEDULES
    }


TABLES = [
    (nn, layers),
    (nn.functional, functions),
    (optim, optimizers),
    (optim.lr_scheduler, schedules),
]


@pytest.mark.filterwarnings("ignore:Detected call of")
@pytest.mark.parametrize(("module", "names"), TABLES, ids=[module.__name__ for module, _ in TABLES])
def test_every_name_has_a_row(module: ModuleType, names: Any) -> None:
    public = {name for name in module.__all__ if not isinstance(getattr(module, name), ModuleType)}
    assert sorted(public - names() - ELSEWHERE) == []


def test_every_layer_that_draws_numbers_has_a_row_for_what_it_draws() -> None:
    drawing = set()
    for make, *shapes in LAYERS:
        layer = make(nn).double().train()
        xs = [tensor(numbers(*shape)) for shape in shapes]
        first, second = (layer(*[x * 1 for x in xs]) for _ in range(2))
        if not (first == second).all():
            drawing.add(type(layer).__name__)
    assert drawing
    assert sorted(drawing - {type(row[0](nn)).__name__ for row in RANDOM} - {"Sequential"}) == []
