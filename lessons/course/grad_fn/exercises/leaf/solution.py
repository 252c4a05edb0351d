"""A leaf of float64 numbers, times a scale."""

import autodiff as ad


def make_leaf(numbers: list[float], scale: float) -> ad.Tensor:
    # Compute first, ask last: what is computed from nothing that asks is a leaf.
    return (ad.tensor(numbers).double() * scale).requires_grad_()
