"""Dropout as functions: in training, some elements become 0 and the rest are scaled up.

Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting"
(2014).
"""

from __future__ import annotations

import warnings

from autodiff import errors
from autodiff.random import source
from autodiff.tensor import Tensor

__all__ = ["alpha_dropout", "dropout", "dropout1d", "dropout2d", "dropout3d"]


def dropout(x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Sets each element to 0 with probability ``p`` and scales the rest by 1 / (1 - p).

    Raises:
        ValueError: ``p`` is not between 0 and 1.

    >>> import autodiff as ad
    >>> ad.nn.functional.dropout(ad.ones(200), 0.75).unique()  # dropped, or times 1 / (1 - 0.75)
    tensor([0., 4.])
    >>> ad.nn.functional.dropout(ad.ones(2), training=False)
    tensor([1., 1.])
    """
    return _dropped(x, p, training, inplace, x.shape)


def dropout1d(x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """`dropout` of whole channels of sequences (N, C, L) or (C, L).

    Raises:
        RuntimeError: ``x`` has another number of dimensions.

    >>> import autodiff as ad
    >>> out = ad.nn.functional.dropout1d(ad.ones(1, 50, 3))
    >>> bool((out == out[:, :, :1]).all()), out.unique()
    (True, tensor([0., 2.]))
    """
    if x.ndim not in (2, 3):
        raise errors.windows.dimensions("dropout1d", x.shape, (2, 3))
    return _dropped(x, p, training, inplace, (*x.shape[:-1], 1))


def dropout2d(x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """`dropout` of whole channels of images (N, C, H, W).

    Warns of input of another number of dimensions, whose first two are taken for samples and
    channels all the same.

    >>> import autodiff as ad
    >>> out = ad.nn.functional.dropout2d(ad.ones(1, 50, 3, 3))
    >>> bool((out == out[:, :, :1, :1]).all()), out.unique()
    (True, tensor([0., 2.]))
    """
    if x.ndim != 4:
        warnings.warn(errors.nn.dropout_dimensions("dropout2d", x.shape), stacklevel=3)
    return _dropped(x, p, training, inplace, _channels(x, 2))


def dropout3d(x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """`dropout` of whole channels of volumes (N, C, D, H, W) or (C, D, H, W).

    Warns of input of another number of dimensions, as `dropout2d` does.

    >>> import autodiff as ad
    >>> out = ad.nn.functional.dropout3d(ad.ones(1, 50, 2, 2, 2))
    >>> bool((out == out[:, :, :1, :1, :1]).all()), out.unique()
    (True, tensor([0., 2.]))
    """
    if x.ndim not in (4, 5):
        warnings.warn(errors.nn.dropout_dimensions("dropout3d", x.shape), stacklevel=3)
    return _dropped(x, p, training, inplace, _channels(x, 1 if x.ndim == 4 else 2))


def alpha_dropout(
    x: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """Dropout that keeps mean 0 and variance 1, to go with `selu`.

    Source: Klambauer et al., "Self-normalizing neural networks" (2017).

    >>> import autodiff as ad
    >>> out = ad.nn.functional.alpha_dropout(ad.randn(1000), training=True)
    >>> round(out.mean().item()), round(out.std().item())
    (0, 1)
    """
    if not 0 <= p <= 1:
        raise errors.nn.dropout_probability(p)
    if not training or p == 0:
        return x
    if inplace:
        return x.copy_(alpha_dropout(x, p, training))
    if p == 1:
        return x * 0.0
    low = -1.7580993408473766
    scale = (1 - p + p * (1 - p) * low**2) ** -0.5
    keep = Tensor._wrap((source(None, x.device).random(x.shape) >= p).astype(x.value.dtype))
    return (x * keep + (1 - keep) * low) * scale - scale * low * p


def _channels(x: Tensor, leading: int) -> tuple[int, ...]:
    """The shape of one number for each channel, the last of the ``leading`` dimensions."""
    return (*x.shape[:leading], *[1] * (x.ndim - leading))


def _dropped(x: Tensor, p: float, training: bool, inplace: bool, shape: tuple[int, ...]) -> Tensor:
    if not 0 <= p <= 1:
        raise errors.nn.dropout_probability(p)
    if not training or p == 0:
        return x
    keep = (source(None, x.device).random(shape) >= p).astype(x.value.dtype)
    factors = Tensor._wrap(keep / (1 - p) if p < 1 else keep)
    return x.mul_(factors) if inplace else x * factors
