"""The ops, one declaration each: every one is in exactly one of these files."""

from autodiff.ops import conv, elementwise, index, linalg, loss, pool, reduce, shape, write

__all__ = ["conv", "elementwise", "index", "linalg", "loss", "pool", "reduce", "shape", "write"]
