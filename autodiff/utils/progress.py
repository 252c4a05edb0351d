"""A progress bar that keeps quiet when nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["track"]


def track(items: Iterable[Any], description: str = "", total: int | None = None) -> Iterator[Any]:
    """The items, with a progress bar in a terminal and without one elsewhere.

    >>> from autodiff.utils.progress import track
    >>> list(track([1, 2, 3]))
    [1, 2, 3]
    """
    if not sys.stdout.isatty():
        yield from items
        return
    from rich.progress import track as rich_track

    yield from rich_track(items, description=description, total=total)
