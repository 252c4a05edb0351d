"""Tensors as text, in PyTorch's own number formatting.

The rules (which digits, when to use an exponent, when to leave elements out) are those of
PyTorch's default print profile: 4 digits, 1,000 elements, 3 at each edge, 80 columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import dtypes

__all__ = ["array_text", "tensor_text"]

PRECISION = 4
THRESHOLD = 1000
EDGE_ITEMS = 3
LINE_WIDTH = 80


class _Formatter:
    """How to write each number of one array: all in one style and one width."""

    def __init__(self, values: np.ndarray) -> None:
        self.floating = values.dtype.kind == "f"
        self.whole, self.scientific, self.width = True, False, 1
        shown = values.reshape(-1)
        if self.floating:
            # Zeros, infinities and nan fit into any style: they do not decide it.
            shown = shown[np.isfinite(shown) & (shown != 0)]
            if shown.size:
                sizes = np.abs(shown).astype(np.float64)
                self.whole = bool(np.all(sizes == np.ceil(sizes)))
                low, high = sizes.min(), sizes.max()
                self.scientific = bool(high / low > 1000 or high > 1e8 or low < 1e-4)
        self.width = max((len(self._write(x)) for x in shown.tolist()), default=1)

    def _write(self, x: Any) -> str:
        if not self.floating:
            return str(x)
        if self.scientific:
            return f"{x:.{PRECISION}e}"
        if self.whole and np.isfinite(x):
            return f"{x:.0f}."
        return f"{x:.{PRECISION}f}"

    def __call__(self, x: Any) -> str:
        return self._write(x).rjust(self.width)


def array_text(values: np.ndarray, indent: int = 0) -> str:
    """The elements in nested brackets, as they stand inside ``tensor(...)``."""
    summarize = values.size > THRESHOLD
    return _nested(values, indent, summarize, _Formatter(_shown(values) if summarize else values))


def _shown(values: np.ndarray) -> np.ndarray:
    """The elements that remain when the middle of each long dimension is left out."""
    for axis, n in enumerate(values.shape):
        if n > 2 * EDGE_ITEMS:
            edges = np.r_[0:EDGE_ITEMS, n - EDGE_ITEMS : n]
            values = np.take(values, edges, axis)
    return values


def _nested(values: np.ndarray, indent: int, summarize: bool, write: _Formatter) -> str:
    if values.ndim == 0:
        return write(values.item()).strip()
    n = len(values)
    cut = summarize and n > 2 * EDGE_ITEMS
    if values.ndim == 1:
        if cut:
            start = [write(x) for x in values[:EDGE_ITEMS].tolist()]
            words = [*start, " ...", *(write(x) for x in values[-EDGE_ITEMS:].tolist())]
        else:
            words = [write(x) for x in values.tolist()]
        per_line = max(1, (LINE_WIDTH - indent) // (write.width + 2))
        lines = [words[i : i + per_line] for i in range(0, len(words), per_line)] or [[]]
        return "[" + (",\n" + " " * (indent + 1)).join(", ".join(line) for line in lines) + "]"
    if cut:
        rows = [_nested(v, indent + 1, summarize, write) for v in values[:EDGE_ITEMS]]
        rows += ["..."]
        rows += [_nested(v, indent + 1, summarize, write) for v in values[-EDGE_ITEMS:]]
    else:
        rows = [_nested(v, indent + 1, summarize, write) for v in values]
    return "[" + ("," + "\n" * (values.ndim - 1) + " " * (indent + 1)).join(rows) + "]"


def tensor_text(x: Any, prefix: str = "tensor(") -> str:
    """What ``repr`` shows: the elements, and what is not the default about the tensor."""
    values = x.value
    text = array_text(values, len(prefix)) if values.size else "[]"
    notes = []
    if not values.size and values.ndim != 1:
        notes.append(f"size={tuple(values.shape)}")
    usual = {"b": True, "i": values.dtype == np.int64}.get(
        values.dtype.kind, values.dtype == dtypes.get_default_dtype().numpy
    )
    if not usual or (not values.size and values.dtype != dtypes.get_default_dtype().numpy):
        notes.append(f"dtype={x.dtype}")
    if x.grad_fn is not None:
        notes.append(f"grad_fn={x.grad_fn!r}")
    elif x.requires_grad:
        notes.append("requires_grad=True")
    return _with_notes(prefix + text, notes, len(prefix)) + ")"


def _with_notes(text: str, notes: list[str], indent: int) -> str:
    """``text`` and its notes, each on a new line where the last one would become too long."""
    width = len(text) - text.rfind("\n") + 1
    for note in notes:
        if width + len(note) + 2 > LINE_WIDTH:
            text += ",\n" + " " * indent + note
            width = indent + len(note)
        else:
            text += ", " + note
            width += len(note) + 2
    return text
