"""Modules stay whole when their parts are set, misspelt, replaced or edited."""

from __future__ import annotations

import pytest

import autodiff as ad
from autodiff import nn


def test_a_failed_assignment_leaves_the_module_as_it_was() -> None:
    layer = nn.Linear(2, 2)
    weight = layer.weight
    with pytest.raises(TypeError):
        layer.weight = ad.ones(2, 2)
    assert layer.weight is weight
    assert len(list(layer.parameters())) == 2


def test_a_misspelt_part_is_suggested() -> None:
    with pytest.raises(AttributeError) as caught:
        nn.Linear(1, 1).weigth  # noqa: B018
    assert caught.value.name == "weigth"
    assert {"weight", "bias"} <= set(dir(caught.value.obj))


def test_a_loss_called_before_it_is_made_is_pointed_out() -> None:
    with pytest.raises(TypeError, match=r"CrossEntropyLoss\(\) got a Tensor.*\n.*does not run one"):
        nn.CrossEntropyLoss(ad.ones(1, 3), ad.tensor([1]))  # type: ignore[arg-type]


def test_reassigning_keeps_the_order_of_parameters() -> None:
    layer = nn.Linear(2, 2)
    layer.weight = nn.Parameter(ad.zeros(2, 2))
    assert list(layer.state_dict()) == ["weight", "bias"]
    layer.bias = None
    assert list(layer.state_dict()) == ["weight"]
    assert layer(ad.ones(1, 2)).tolist() == [[0.0, 0.0]]


def test_sequences_can_be_edited() -> None:
    net = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.Sigmoid())
    del net[1]
    net.insert(0, nn.Identity())
    net[2] = nn.Flatten()
    assert [type(module).__name__ for module in net] == ["Identity", "ReLU", "Flatten"]
    assert list(net[1:].state_dict()) == []
    assert [name for name, _ in net[1:].named_children()] == ["1", "2"]
