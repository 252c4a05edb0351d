"""The functions of nn.functional beside PyTorch's in float64: results and gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import autodiff as ad
from tests.nn.beside import assert_close, numbers
from tests.nn.cases.functions import FUNCTIONS

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.parity


@pytest.mark.parametrize("call", FUNCTIONS, ids=range(len(FUNCTIONS)))
def test_functions(call: Callable[[Any, Any, Any], Any]) -> None:
    results = []
    for m in (ad, torch):
        x = m.tensor(numbers(4, 6), requires_grad=True)
        y = m.tensor(numbers(4, 6, seed=1), requires_grad=True)
        out = call(m.nn.functional, x, y)
        out.backward(m.tensor(numbers(*out.shape, seed=2)))
        results.append([out, *[v.grad for v in (x, y) if v.grad is not None]])
    for ours, theirs in zip(*results, strict=True):
        assert_close(ours, theirs)
