"""The settings of operations, as they are written in a call: ``x[1:5]``, ``sum(x, dim=1)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["call", "key_of", "key_text"]

DEFAULTS = {
    "keepdim": False, "descending": False, "largest": True, "correction": 1, "alpha": 1,
    "diagonal": 0, "dim": None, "min": None, "max": None, "value": 1, "stable": False,
}  # fmt: skip
"""Settings that are told where they are not these."""

UNTOLD = ("eps", "shape", "stable")
"""Settings that say nothing beside the shape of the result."""

LONGEST_INDEX = 4
"""Arrays of at most this many indices are written out."""


def call(op: str, operands: Sequence[str], settings: Mapping[str, Any]) -> str:
    """An operation and its settings as a call; indexing as indexing.

    >>> call("sum", ["x"], {"dim": (1,), "keepdim": False})
    'sum(x, dim=1)'
    >>> call("index", ["x"], {"key": (slice(None), 0)})
    'x[:, 0]'
    """
    key = key_of(settings)
    if key is not None and len(operands) == 1:
        return f"{operands[0]}{key_text(key)}"
    told = [
        f"{name}={_setting(value)}"
        for name, value in settings.items()
        if name not in UNTOLD and _is_short(value) and DEFAULTS.get(name, "") != value
    ]
    return f"{op}({', '.join([*operands, *told])})"


def key_of(settings: Mapping[str, Any]) -> Any:
    """The key of an indexing operation, or of a write to a part that one key picks; else None."""
    steps = settings.get("steps", ())
    if len(steps) == 1:
        (_, settings), *_ = steps
    return settings.get("key")


def key_text(key: Any) -> str:
    """A key in brackets.

    >>> key_text((slice(1, None, 2), Ellipsis, None, -1)), key_text([0, 2])
    ('[1::2, ..., None, -1]', '[[0, 2]]')
    """
    parts = key if isinstance(key, tuple) else (key,)
    return f"[{', '.join(map(_part, parts))}]"


def _part(part: Any) -> str:
    if isinstance(part, slice):
        start, stop = ("" if end is None else f"{end}" for end in (part.start, part.stop))
        return f"{start}:{stop}" if part.step in (None, 1) else f"{start}:{stop}:{part.step}"
    if part is Ellipsis:
        return "..."
    if getattr(part, "ndim", 0) == 0:
        return str(part)
    if part.dtype.kind == "b":
        return "mask"
    return str(part.tolist()) if part.size <= LONGEST_INDEX else "indices"


def _setting(value: Any) -> str:
    return str(value[0]) if isinstance(value, tuple) and len(value) == 1 else str(value)


def _is_short(value: Any) -> bool:
    numbers = value if isinstance(value, (tuple, list)) else (value,)
    return all(isinstance(number, (bool, int, float)) for number in numbers)
