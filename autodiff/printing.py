"""Tensors as text, in PyTorch's own number formatting.

The rules (which digits, when to use an exponent, when to leave elements out) are those of
PyTorch; without `set_printoptions`: 4 digits, 1,000 elements, 3 at each edge, 80 columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from autodiff import dtypes
from autodiff.arrays import on_cpu

__all__ = ["get_printoptions", "printoptions", "set_printoptions"]


@dataclass
class Options:
    """What `set_printoptions` sets."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


PROFILES = {
    "default": Options(),
    "short": Options(precision=2, edgeitems=2),
    "full": Options(threshold=float("inf")),
}

options = Options()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Set how tensors are printed. What is None stays as it is, except ``sci_mode``.

    Args:
        precision: digits after the point (default 4).
        threshold: with more elements than this, the middle is left out (default 1000).
        edgeitems: how many elements then stay at each end of a dimension (default 3).
        linewidth: characters per line (default 80).
        profile: "default", "short" or "full" (nothing is left out); the other arguments come
            on top of it.
        sci_mode: always (True) or never (False) write an exponent; None leaves it to the values.

    >>> import autodiff as ad
    >>> ad.set_printoptions(precision=2)
    >>> ad.tensor([1.12345])
    tensor([1.12])
    >>> ad.set_printoptions(profile="default")
    """
    base = PROFILES.get(profile or "", options)
    options.precision = base.precision if precision is None else precision
    options.threshold = base.threshold if threshold is None else threshold
    options.edgeitems = base.edgeitems if edgeitems is None else edgeitems
    options.linewidth = base.linewidth if linewidth is None else linewidth
    options.sci_mode = sci_mode


def get_printoptions() -> dict[str, Any]:
    """The options in force, as keyword arguments of `set_printoptions`.

    >>> import autodiff as ad
    >>> ad.get_printoptions()["precision"]
    4
    """
    return asdict(options)


@contextmanager
def printoptions(**changes: Any) -> Iterator[None]:
    """Other options of `set_printoptions` for the duration of a with block.

    >>> import autodiff as ad
    >>> with ad.printoptions(sci_mode=True):
    ...     print(ad.tensor([1.5]))
    tensor([1.5000e+00])
    """
    before = get_printoptions()
    set_printoptions(**changes)
    try:
        yield
    finally:
        set_printoptions(**before)


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
                if options.sci_mode is not None:
                    self.scientific = options.sci_mode
        self.width = max((len(self._write(x)) for x in shown.tolist()), default=1)

    def _write(self, x: Any) -> str:
        if not self.floating:
            return str(x)
        if self.scientific:
            return f"{x:.{options.precision}e}"
        if self.whole and np.isfinite(x):
            return f"{x:.0f}."
        return f"{x:.{options.precision}f}"

    def __call__(self, x: Any) -> str:
        return self._write(x).rjust(self.width)


def array_text(values: np.ndarray, indent: int = 0) -> str:
    """The elements in nested brackets, as they stand inside ``tensor(...)``."""
    summarize = values.size > options.threshold
    return _nested(values, indent, summarize, _Formatter(_shown(values) if summarize else values))


def _shown(values: np.ndarray) -> np.ndarray:
    """The elements that remain when the middle of each long dimension is left out."""
    edge = options.edgeitems
    for axis, n in enumerate(values.shape):
        if n > 2 * edge:
            values = np.take(values, np.r_[0:edge, n - edge : n], axis)
    return values


def _nested(values: np.ndarray, indent: int, summarize: bool, write: _Formatter) -> str:
    if values.ndim == 0:
        return write(values.item()).strip()
    n, edge = len(values), options.edgeitems
    cut = summarize and n > 2 * edge
    start, end = (values[:edge], values[n - edge :]) if cut else (values, values[n:])
    if values.ndim == 1:
        dots = [" ..." if edge else "..."] if cut else []
        words = [*map(write, start.tolist()), *dots, *map(write, end.tolist())]
        per_line = max(1, (options.linewidth - indent) // (write.width + 2))
        lines = [words[i : i + per_line] for i in range(0, len(words), per_line)] or [[]]
        return "[" + (",\n" + " " * (indent + 1)).join(", ".join(line) for line in lines) + "]"
    before, after = (
        [_nested(v, indent + 1, summarize, write) for v in part] for part in (start, end)
    )
    rows = [*before, *(["..."] if cut else []), *after]
    return "[" + ("," + "\n" * (values.ndim - 1) + " " * (indent + 1)).join(rows) + "]"


def tensor_text(x: Any, prefix: str = "tensor(") -> str:
    """What ``repr`` shows: the elements, and what is not the default about the tensor."""
    values = on_cpu(x.value)
    text = array_text(values, len(prefix)) if values.size else "[]"
    notes = [] if x.device.type == "cpu" else [f"device='{x.device}'"]
    if (not values.size and values.ndim != 1) or (values.size and not options.edgeitems):
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
        if width + len(note) + 2 > options.linewidth:
            text += ",\n" + " " * indent + note
            width = indent + len(note)
        else:
            text += ", " + note
            width += len(note) + 2
    return text
