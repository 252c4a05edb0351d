"""Window: the geometry that convolution and pooling share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Window", "pair", "row"]

Pair = tuple[int, int]


def pair(n: int | Pair) -> Pair:
    """``n`` for both dimensions, unless it is already a pair."""
    if isinstance(n, int):
        return (n, n)
    height, width = n
    return (int(height), int(width))


def row(n: Any, other: int = 1) -> Pair:
    """A size along a sequence as one of an image with a single row."""
    return (other, n[0] if isinstance(n, (tuple, list)) else n)


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle that slides over an image: its size, its steps, and the border around the image.

    With ``ceil`` a last window that sticks out of the image counts too.

    >>> Window.of((2, 2), stride=2).out_size((4, 4))
    (2, 2)
    """

    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    ceil: bool = False

    @classmethod
    def of(
        cls,
        kernel: int | Pair,
        stride: int | Pair = 1,
        padding: int | Pair = 0,
        dilation: int | Pair = 1,
        groups: int = 1,
        ceil: bool = False,
    ) -> Window:
        return cls(pair(kernel), pair(stride), pair(padding), pair(dilation), groups, ceil)

    def out_size(self, size: tuple[int, ...]) -> Pair:
        """How many positions the window has along each dimension of an image of this size."""
        height, width = (self._positions(size[i], i) for i in (0, 1))
        return (height, width)

    def _positions(self, n: int, i: int) -> int:
        stride, padding = self.stride[i], self.padding[i]
        room = n + 2 * padding - self.dilation[i] * (self.kernel[i] - 1) - 1
        if not self.ceil:
            return room // stride + 1
        count = -(-room // stride) + 1
        # The last window has to start inside the image or the border on its left.
        return count if (count - 1) * stride < n + padding else count - 1

    def border(self, size: tuple[int, ...]) -> tuple[Pair, Pair]:
        """How many zeros go before and after an image of this size, along each dimension."""
        before_and_after = []
        for i, n in enumerate(size):
            reach = (self._positions(n, i) - 1) * self.stride[i]
            reach += self.dilation[i] * (self.kernel[i] - 1) + 1
            padding = self.padding[i]
            before_and_after.append((padding, max(padding, reach - n - padding)))
        return (before_and_after[0], before_and_after[1])
