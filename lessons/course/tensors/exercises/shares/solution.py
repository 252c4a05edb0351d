"""Each number as its share of its row."""

import autodiff as ad


def shares(sold: ad.Tensor) -> ad.Tensor:
    # keepdim=True keeps the sums as a column, one under the other.
    return sold / sold.sum(1, keepdim=True)
