"""The ops, one declaration each: every one is in exactly one of these files."""

from autodiff.ops import (
    arithmetic,
    choice,
    comparison,
    conv,
    exponential,
    index,
    linalg,
    loss,
    pool,
    reduce,
    rounding,
    shape,
    trigonometry,
    write,
)

__all__ = [
    "arithmetic",
    "choice",
    "comparison",
    "conv",
    "exponential",
    "index",
    "linalg",
    "loss",
    "pool",
    "reduce",
    "rounding",
    "shape",
    "trigonometry",
    "write",
]
