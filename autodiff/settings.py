"""PyTorch's switches for the exactness of results, for programs that set them.

Here results are always exact in their sense: no operation adds in a random order, and products of
float32 numbers are computed in float32.
"""

from __future__ import annotations

import warnings

from autodiff import errors

__all__ = [
    "are_deterministic_algorithms_enabled",
    "get_float32_matmul_precision",
    "set_float32_matmul_precision",
    "use_deterministic_algorithms",
]

PRECISIONS = ("highest", "high", "medium")


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Changes nothing: the same program with the same seed gives the same bits anyway.

    >>> import autodiff as ad
    >>> ad.use_deterministic_algorithms(True)
    """


def are_deterministic_algorithms_enabled() -> bool:
    """True: they always are.

    >>> import autodiff as ad
    >>> ad.are_deterministic_algorithms_enabled()
    True
    """
    return True


def set_float32_matmul_precision(precision: str) -> None:
    """Changes nothing: products of float32 numbers are never rounded to fewer digits.

    As in PyTorch, anything but "highest", "high" and "medium" is a warning.

    >>> import autodiff as ad
    >>> ad.set_float32_matmul_precision("high")
    >>> ad.get_float32_matmul_precision()
    'highest'
    """
    if precision not in PRECISIONS:
        warnings.warn(errors.numbers.unknown_precision(precision), stacklevel=2)


def get_float32_matmul_precision() -> str:
    """``"highest"``: it always is.

    >>> import autodiff as ad
    >>> ad.get_float32_matmul_precision()
    'highest'
    """
    return PRECISIONS[0]
