"""Window: the geometry that convolution and pooling share."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Window", "pair"]

Pair = tuple[int, int]


def pair(n: int | Pair) -> Pair:
    """``n`` for both dimensions, unless it is already a pair."""
    if isinstance(n, int):
        return (n, n)
    height, width = n
    return (int(height), int(width))


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle that slides over an image: its size, its steps, and the border around the image.

    >>> Window.of((2, 2), stride=2).out_size((4, 4))
    (2, 2)
    """

    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1

    @classmethod
    def of(
        cls,
        kernel: int | Pair,
        stride: int | Pair = 1,
        padding: int | Pair = 0,
        dilation: int | Pair = 1,
        groups: int = 1,
    ) -> Window:
        return cls(pair(kernel), pair(stride), pair(padding), pair(dilation), groups)

    def out_size(self, size: tuple[int, ...]) -> Pair:
        """How many positions the window has along each dimension of an image of this size."""
        height, width = (
            (n + 2 * p - d * (k - 1) - 1) // s + 1
            for n, k, s, p, d in zip(
                size, self.kernel, self.stride, self.padding, self.dilation, strict=True
            )
        )
        return (height, width)
