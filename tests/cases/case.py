"""What a case is: one way to use one op, and the inputs to use it on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """One way to use one op.

    ``shapes``: the shapes of the inputs. ``low``, ``high``: the range of their elements, which all
    different, so that finite differences see no kink. ``ints``: whether integers make sense too.
    ``exact``: whether the op keeps the digits that finite differences need.
    """

    op: str
    call: Callable[..., Any]
    oracle: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...]
    low: float = -2.0
    high: float = 2.0
    torch: Callable[..., Any] | None = None
    ints: bool = False
    note: str = ""
    exact: bool = True

    @property
    def id(self) -> str:
        shapes = "-".join("x".join(map(str, shape)) or "scalar" for shape in self.shapes)
        return f"{self.op}-{shapes}" + (f"-{self.note}" if self.note else "")

    def inputs(self, dtype: str) -> list[np.ndarray]:
        """The same inputs each time: distinct elements, shuffled, in the range."""
        rng = np.random.default_rng(7)
        total = sum(int(np.prod(shape)) for shape in self.shapes)
        spread = np.linspace(self.low, self.high, total + 2)[1:-1]
        spread = rng.permutation(np.where(np.abs(spread) < 0.03, 0.05, spread))
        arrays, start = [], 0
        for shape in self.shapes:
            size = int(np.prod(shape))
            values = spread[start : start + size].reshape(shape)
            arrays.append(
                np.round(values * 4).astype(dtype) if "int" in dtype else values.astype(dtype)
            )
            start += size
        return arrays


PAIR_SHAPES = [
    ((3, 4), (3, 4)),
    ((3, 4), (4,)),
    ((2, 1, 3), (4, 1)),
    ((), (3,)),
    ((), ()),
    ((0, 3), (3,)),
]
ONE_SHAPES = [((3, 4),), ((),), ((0,),)]


def unary(
    op: str, call: Any, oracle: Any, low: float = -2, high: float = 2, **more: Any
) -> list[Case]:
    return [Case(op, call, oracle, shapes, low, high, **more) for shapes in ONE_SHAPES]


def binary(
    op: str, call: Any, oracle: Any, low: float = -2, high: float = 2, **more: Any
) -> list[Case]:
    return [Case(op, call, oracle, shapes, low, high, **more) for shapes in PAIR_SHAPES]


def array(m: Any, a: np.ndarray) -> Any:
    """Constant data as a tensor of ``m``."""
    return m.tensor(a.tolist())
