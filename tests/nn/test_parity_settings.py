"""Settings of layers, losses, functions, optimizers and schedules: PyTorch's names and defaults."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import pytest

import autodiff as ad
from tests.nn.test_tables import ELSEWHERE

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.parity

PAIRS = [
    (ad.nn, torch.nn),
    (ad.nn.functional, torch.nn.functional),
    (ad.optim, torch.optim),
    (ad.optim.lr_scheduler, torch.optim.lr_scheduler),
]

LEFT_OUT = {
    "size_average", "reduce", "min_value", "max_value",  # deprecated
    "foreach", "capturable", "differentiable", "fused",  # ways to compute, which change nothing
    "_stacklevel", "_weight", "_freeze", "device",  # private, or taken by all modules alike
    "scale_grad_by_freq", "sparse",
    "add_bias_kv", "add_zero_attn",
    "recompute_scale_factor", "antialias",
    "decoupled_weight_decay",
}  # fmt: skip
"""Settings of PyTorch that are not here."""

WITHOUT_WEIGHT = {"huber_loss", "l1_loss", "mse_loss"}
OUR_NAMES = {"x": "input", "x1": "input1", "x2": "input2"}


def settings(made: Any) -> dict[str, Any]:
    """The names and defaults, in order; without ``out`` and those that take any arguments."""
    parameters = inspect.signature(made).parameters.values()
    return {
        OUR_NAMES.get(p.name, p.name): p.default
        for p in parameters
        if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and p.name != "out"
    }


def described(made: Any) -> bool:
    """Whether PyTorch says which arguments it takes: what is written in C++ does not."""
    try:
        return bool(settings(made))
    except ValueError:
        return False


CASES = [
    (name, ours, theirs)
    for ours, theirs in PAIRS
    for name in ours.__all__
    if name not in ELSEWHERE
    and not isinstance(getattr(ours, name), ModuleType)
    and described(getattr(theirs, name))
]


@pytest.mark.parametrize(("name", "ours", "theirs"), CASES, ids=[case[0] for case in CASES])
def test_settings(name: str, ours: Any, theirs: Any) -> None:
    mine, wanted = settings(getattr(ours, name)), settings(getattr(theirs, name))
    left_out = LEFT_OUT | ({"weight"} if name in WITHOUT_WEIGHT else set())
    assert list(mine.items()) == [
        (setting, default)
        for setting, default in wanted.items()
        if setting in mine or setting not in left_out
    ]
