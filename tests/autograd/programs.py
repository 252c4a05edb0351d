"""Running one program in this library and in PyTorch, and what both say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import autodiff as ad

__all__ = ["failure", "function", "leaf", "plain", "same_failure", "same_result"]


def leaf(m: Any, *values: float) -> Any:
    return m.tensor(list(values) if len(values) > 1 else values[0], requires_grad=True)


def function(m: Any, forward: Any, backward: Any = None, **others: Any) -> Any:
    """A Function of library ``m`` with these static methods."""
    body = {"forward": forward, **({"backward": backward} if backward else {}), **others}
    return type("F", (m.autograd.Function,), {k: staticmethod(f) for k, f in body.items()}).apply


def plain(x: Any) -> Any:
    """A result with its tensors as lists of rounded numbers, and its tuples as lists."""
    if hasattr(x, "tolist"):
        return plain(x.tolist())
    if isinstance(x, dict):
        return {key: plain(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(part) for part in x]
    return round(x, 4) if isinstance(x, float) else x


def failure(program: Callable[[Any], Any], m: Any) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is what we compare
        program(m)
    return caught.value


def same_result(program: Callable[[Any], Any]) -> None:
    torch = pytest.importorskip("torch")
    theirs, ours = plain(program(torch)), plain(program(ad))
    assert ours == theirs


def same_failure(program: Callable[[Any], Any]) -> None:
    """Both raise the same type, and the messages begin alike."""
    torch = pytest.importorskip("torch")
    theirs, ours = failure(program, torch), failure(program, ad)
    assert type(ours) is type(theirs), (ours, theirs)
    assert str(ours).split()[:3] == str(theirs).split()[:3], (str(ours), str(theirs))
