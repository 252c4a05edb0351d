"""Running the same program with autodiff and with PyTorch, from the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad

__all__ = ["array", "assert_close", "assert_same", "copy_weights", "numbers", "outcome"]


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def array(x: Any) -> np.ndarray:
    """The values of a tensor of either library."""
    return x.detach().numpy()


def copy_weights(theirs: Any, ours: ad.nn.Module) -> None:
    """Give our module the values of theirs, matched by name."""
    ours.load_state_dict({name: ad.tensor(array(x)) for name, x in theirs.state_dict().items()})


def outcome(program: Callable[[], Any]) -> Any:
    """What a program gives, or the type of the error that it ends in."""
    try:
        return program()
    except Exception as error:  # which type is what is compared
        return type(error)


def assert_close(ours: Any, theirs: Any, rtol: float = 1e-9) -> None:
    assert tuple(ours.shape) == tuple(theirs.shape)
    np.testing.assert_allclose(array(ours), array(theirs), rtol=rtol, atol=1e-9)
    assert str(ours.dtype).split(".")[1] == str(theirs.dtype).split(".")[1]


def assert_same(ours: Any, theirs: Any, rtol: float = 1e-9) -> None:
    """The same tensors, or an error of the same type: what `outcome` gave for each library."""
    if isinstance(theirs, type):
        assert ours is theirs
        return
    assert not isinstance(ours, type), f"{ours} where PyTorch gives a result"
    for x, y in zip(ours, theirs, strict=True):
        assert_close(x, y, rtol)
