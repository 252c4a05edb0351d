"""Normalisation as functions."""

from __future__ import annotations

import math
from typing import Any

from autodiff import errors
from autodiff.grad_mode import no_grad
from autodiff.ops.norm import norm
from autodiff.ops.normalize import Normalize
from autodiff.public import FUNCTIONS
from autodiff.tensor import Tensor

__all__ = [
    "batch_norm", "cosine_similarity", "group_norm", "instance_norm", "layer_norm", "normalize",
    "pairwise_distance", "rms_norm",
]  # fmt: skip


def batch_norm(
    x: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel less its mean, over its standard deviation.

    In training these are the batch's own, and the running ones, which are used otherwise, move
    towards them by ``momentum``.

    Args:
        x: shape (N, C) or (N, C, ...).
        running_mean, running_var: shape (C,), changed in place in training; or None.
        weight, bias: shape (C,), what the result is multiplied by and moved by; or None.

    Raises:
        ValueError: in training, one value per channel only, of which there is no variance.

    >>> import autodiff as ad
    >>> x, mean, var = ad.tensor([[1.0], [5.0]]), ad.tensor([3.0]), ad.tensor([4.0])
    >>> ad.nn.functional.batch_norm(x, mean, var)  # (x - 3) / 2
    tensor([[-1.0000],
            [ 1.0000]])
    """
    if not training:
        assert running_mean is not None
        assert running_var is not None
        out = (x - _channel(running_mean, x)) / (_channel(running_var, x) + eps).sqrt()
        return _affine(out, weight, bias)
    count = math.prod(x.shape) // max(x.shape[1], 1)
    if not x.numel():  # nothing to normalize, and nothing to learn the statistics from
        return _affine(x.clone(), weight, bias)
    if count == 1:
        raise errors.nn.norm_of_one(x.shape)
    dims = (0, *range(2, x.ndim))
    if running_mean is not None and running_var is not None:
        with no_grad():
            mean, var = x.mean(dims), x.var(dims, correction=1)
            running_mean.mul_(1 - momentum).add_(mean.to(running_mean.dtype) * momentum)
            running_var.mul_(1 - momentum).add_(var.to(running_var.dtype) * momentum)
    return _affine(Normalize.apply(x, dims=dims, eps=eps), weight, bias)


def instance_norm(
    x: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel of each sample less its mean, over its standard deviation.

    >>> import autodiff as ad
    >>> ad.nn.functional.instance_norm(ad.tensor([[[1.0, 3.0], [10.0, 50.0]]]))
    tensor([[[-1.0000,  1.0000],
             [-1.0000,  1.0000]]])
    """
    if not use_input_stats:
        return batch_norm(x, running_mean, running_var, weight, bias, False, momentum, eps)
    dims = tuple(range(2, x.ndim))
    if running_mean is not None and running_var is not None and x.numel():
        with no_grad():
            mean, var = x.mean(dims).mean(0), x.var(dims, correction=1).mean(0)
            running_mean.mul_(1 - momentum).add_(mean * momentum)
            running_var.mul_(1 - momentum).add_(var * momentum)
    return _affine(Normalize.apply(x, dims=dims, eps=eps), weight, bias)


def group_norm(
    x: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Each group of channels of each sample less its mean, over its standard deviation.

    Raises:
        RuntimeError: the channels cannot be divided into that many groups, or there are none.

    >>> import autodiff as ad
    >>> ad.nn.functional.group_norm(ad.tensor([[1.0, 3.0, 10.0, 50.0]]), num_groups=2)
    tensor([[-1.0000,  1.0000, -1.0000,  1.0000]])
    """
    if x.ndim < 2:
        raise RuntimeError(f"Expected at least 2 dimensions for input tensor but received {x.ndim}")
    if x.shape[1] % num_groups:
        raise RuntimeError(
            f"Expected number of channels in input to be divisible by num_groups, but got input of "
            f"shape {list(x.shape)} and num_groups={num_groups}"
        )
    members = math.prod(x.shape[1:]) // num_groups
    groups = x.reshape(x.shape[0], num_groups, members)
    return _affine(Normalize.apply(groups, dims=(2,), eps=eps).reshape(x.shape), weight, bias)


def layer_norm(
    x: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Each sample less its mean, over its standard deviation; over the last dimensions.

    Raises:
        RuntimeError: the last dimensions are not of ``normalized_shape``.

    >>> import autodiff as ad
    >>> ad.nn.functional.layer_norm(ad.tensor([[1.0, 3.0], [10.0, 50.0]]), (2,))
    tensor([[-1.0000,  1.0000],
            [-1.0000,  1.0000]])
    """
    dims = _last_dims(x, normalized_shape, "layer_norm")
    out = Normalize.apply(x, dims=dims, eps=eps)
    out = out if weight is None else out * weight
    return out if bias is None else out + bias


def rms_norm(
    x: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    """Each sample over its root mean square; over the last dimensions.

    Source: Zhang & Sennrich, "Root mean square layer normalization" (2019).

    >>> import autodiff as ad
    >>> ad.nn.functional.rms_norm(ad.tensor([[1.0, 7.0]]), (2,))  # over sqrt((1 + 49) / 2) = 5
    tensor([[0.2000, 1.4000]])
    """
    import numpy as np

    dims = _last_dims(x, normalized_shape, "rms_norm")
    tiny = float(np.finfo(x.value.dtype).eps) if eps is None else eps
    out = x * ((x * x).mean(dims, keepdim=True) + tiny).rsqrt()
    return out if weight is None else out * weight


def normalize(x: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12) -> Tensor:
    """``x`` over its norm along ``dim``, which becomes 1.

    >>> import autodiff as ad
    >>> ad.nn.functional.normalize(ad.tensor([[3.0, 4.0]]))
    tensor([[0.6000, 0.8000]])
    """
    return x / norm(x, p, dim, keepdim=True).clamp_min(eps)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between two vectors.

    >>> import autodiff as ad
    >>> x1, x2 = ad.tensor([[1.0, 0.0], [1.0, 0.0]]), ad.tensor([[2.0, 0.0], [0.0, 3.0]])
    >>> ad.nn.functional.cosine_similarity(x1, x2)
    tensor([1., 0.])
    """
    if x1.shape != x2.shape:  # so that dim means the same one in both
        x1, x2 = FUNCTIONS["broadcast_tensors"](x1, x2)
    first = x1 / norm(x1, 2, dim, keepdim=True).clamp_min(eps)
    second = x2 / norm(x2, 2, dim, keepdim=True).clamp_min(eps)
    return (first * second).sum(dim)


def pairwise_distance(
    x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Tensor:
    """The p-norm of the difference of two vectors, along the last dimension.

    >>> import autodiff as ad
    >>> ad.nn.functional.pairwise_distance(ad.tensor([[3.0, 4.0]]), ad.tensor([[0.0, 0.0]]))
    tensor([5.0000])
    """
    return norm(x1 - x2 + eps, p, -1, keepdim=keepdim)


def _last_dims(x: Tensor, normalized_shape: Any, name: str) -> tuple[int, ...]:
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if tuple(x.shape[x.ndim - len(shape) :]) != shape:
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [*, "
            f"{str(list(shape))[1:-1]}], but got input of size {list(x.shape)} in {name}"
        )
    return tuple(range(x.ndim - len(shape), x.ndim))


def _channel(values: Tensor, x: Tensor) -> Tensor:
    """Values of the channels in a shape that broadcasts with ``x``."""
    return values.reshape([-1 if i == 1 else 1 for i in range(x.ndim)])


def _affine(out: Tensor, weight: Tensor | None, bias: Tensor | None) -> Tensor:
    if weight is not None:
        out = out * _channel(weight, out)
    return out if bias is None else out + _channel(bias, out)
