"""Inference tensors: made inside `inference_mode`, and never part of a graph.

Nothing counts the writes to them. So a node cannot save them, as nobody would notice a change; and
they can be written to inside `inference_mode` only.
"""

from __future__ import annotations

from typing import Any

from autodiff import errors
from autodiff.grad_mode import mode
from autodiff.public import public

__all__ = ["Untracked", "check_may_write", "is_inference"]


class Untracked(list[Any]):
    """In the place of the version counter of an inference tensor: reading it, to save, raises."""

    def __init__(self) -> None:
        super().__init__([None])

    def __getitem__(self, i: Any) -> Any:
        raise errors.inference.saved()


@public
def is_inference(x: Any) -> bool:
    """Whether a tensor was made inside `inference_mode`.

    >>> import autodiff as ad
    >>> with ad.inference_mode():
    ...     x = ad.ones(2)
    >>> x.is_inference(), x.clone().is_inference()
    (True, False)
    """
    return type(x.version) is Untracked


def check_may_write(x: Any) -> None:
    """Raise unless the memory of ``x`` may be written to here."""
    if type(x.version) is Untracked and not mode.inference:
        raise errors.inference.written_outside()
