"""Dropout: a product with a mask of zeros and 1 / (1 - p)."""

import autodiff as ad


def drop(x: ad.Tensor, p: float, training: bool) -> ad.Tensor:
    if not training:
        return x
    kept = ad.rand_like(x) >= p
    return x * kept / (1 - p)
