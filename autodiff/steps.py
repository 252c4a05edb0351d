"""What a backward pass shows to whoever watches it: each node's step, and each addition in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Step", "Write"]


@dataclass(frozen=True, slots=True)
class Write:
    """One addition: ``after = before + contribution`` in the gradient of ``target``.

    ``target`` is the node, or the leaf, whose gradient is being summed; ``before`` is None when
    this is the first contribution to arrive.
    """

    target: Any
    before: Any
    contribution: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the backward pass: its complete gradient ``g`` and what it sent on.

    ``writes`` has one entry per input, None where no gradient flows. For a leaf it has a single
    entry: the addition to the leaf's own ``.grad``.
    """

    index: int
    node: Any
    g: Any
    writes: tuple[Write | None, ...]
