"""The works with autodiff.compile: the whole step is one program, the optimizer included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from works import SCALARS, TRAINING, Work

import autodiff

__all__ = ["WORKS"]


def compiled(work: Callable[[Any], Work]) -> Callable[[], Work]:
    return lambda: autodiff.compile(work(autodiff))


WORKS = {name: compiled(work) for name, work in (TRAINING | SCALARS).items()}
