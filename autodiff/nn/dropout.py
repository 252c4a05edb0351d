"""Dropout as layers."""

from __future__ import annotations

from autodiff import errors
from autodiff.nn import functional
from autodiff.nn.module import Module
from autodiff.tensor import Tensor

__all__ = ["AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d"]


class Dropout(Module):
    """In training, sets each element to 0 with probability ``p`` and scales up the rest.

    Raises:
        ValueError: ``p`` is not between 0 and 1.

    >>> import autodiff as ad
    >>> ad.nn.Dropout(0.5)(ad.ones(100)).unique()  # dropped, or doubled
    tensor([0., 2.])
    >>> ad.nn.Dropout(0.5).eval()(ad.ones(2))
    tensor([1., 1.])
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise errors.nn.dropout_probability(p)
        self.p, self.inplace = p, inplace

    def forward(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout1d(Dropout):
    """`Dropout` of whole channels of sequences (N, C, L).

    >>> import autodiff as ad
    >>> out = ad.nn.Dropout1d(0.5)(ad.ones(1, 50, 3))
    >>> bool((out == out[:, :, :1]).all()), out.unique()
    (True, tensor([0., 2.]))
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.dropout1d(x, self.p, self.training, self.inplace)


class Dropout2d(Dropout):
    """`Dropout` of whole channels of images (N, C, H, W).

    >>> import autodiff as ad
    >>> out = ad.nn.Dropout2d(0.5)(ad.ones(1, 50, 3, 3))
    >>> bool((out == out[:, :, :1, :1]).all()), out.unique()
    (True, tensor([0., 2.]))
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.dropout2d(x, self.p, self.training, self.inplace)


class Dropout3d(Dropout):
    """`Dropout` of whole channels of volumes (N, C, D, H, W).

    >>> import autodiff as ad
    >>> out = ad.nn.Dropout3d(0.5)(ad.ones(1, 50, 2, 2, 2))
    >>> bool((out == out[:, :, :1, :1, :1]).all()), out.unique()
    (True, tensor([0., 2.]))
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.dropout3d(x, self.p, self.training, self.inplace)


class AlphaDropout(Dropout):
    """Dropout that keeps mean 0 and variance 1, to go with `SELU`.

    >>> import autodiff as ad
    >>> out = ad.nn.AlphaDropout(0.5)(ad.randn(1000))
    >>> round(out.mean().item()), round(out.std().item())
    (0, 1)
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.alpha_dropout(x, self.p, self.training, self.inplace)
