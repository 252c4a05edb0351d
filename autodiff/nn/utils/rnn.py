"""Sequences of different lengths as one batch."""

from __future__ import annotations

from collections.abc import Sequence

from autodiff import errors
from autodiff.errors.missing import attribute_of
from autodiff.nn.functional import pad
from autodiff.public import FUNCTIONS
from autodiff.tensor import Tensor

__all__ = ["pad_sequence", "unpad_sequence"]


def pad_sequence(
    sequences: Sequence[Tensor],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """Sequences stacked into one tensor, the shorter ones filled up.

    Args:
        sequences: tensors of the shapes (length, *), which differ in their length only.
        batch_first: give (sequence, time, *) instead of (time, sequence, *).
        padding_value: what the missing places hold.
        padding_side: "right" fills up behind a sequence, "left" before it.

    Raises:
        RuntimeError: there are no sequences, or ``padding_side`` is neither.

    >>> import autodiff as ad
    >>> x, y = ad.tensor([1, 2, 3]), ad.tensor([4])
    >>> ad.nn.utils.rnn.pad_sequence([x, y], batch_first=True)
    tensor([[1, 2, 3],
            [4, 0, 0]])
    """
    if not len(sequences):
        raise errors.nn.no_sequences()
    if padding_side not in ("left", "right"):
        raise errors.nn.padding_side(padding_side)
    longest = max(len(x) for x in sequences)
    rows = [_padded(x, longest - len(x), padding_value, padding_side) for x in sequences]
    return FUNCTIONS["stack"](rows, dim=0 if batch_first else 1)


def unpad_sequence(
    padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False
) -> list[Tensor]:
    """The sequences that `pad_sequence` padded on the right, each with its own length again.

    >>> import autodiff as ad
    >>> padded = ad.tensor([[1, 2, 3], [4, 0, 0]])
    >>> ad.nn.utils.rnn.unpad_sequence(padded, ad.tensor([3, 1]), batch_first=True)
    [tensor([1, 2, 3]), tensor([4])]
    """
    rows = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [row[:length] for row, length in zip(rows, lengths.tolist(), strict=True)]


def _padded(x: Tensor, missing: int, value: float, side: str) -> Tensor:
    if not missing:
        return x
    first_dim = (missing, 0) if side == "left" else (0, missing)
    return pad(x, (0, 0) * (x.ndim - 1) + first_dim, value=value)


__getattr__ = attribute_of(__name__)
