"""Layers and losses as functions, without parameters of their own."""

from __future__ import annotations

import warnings

import numpy as np

from autodiff import errors
from autodiff.op import FUNCTIONS
from autodiff.ops.conv import conv2d
from autodiff.ops.linalg import linear
from autodiff.ops.loss import BinaryCrossEntropyWithLogits, NllLoss, log_softmax, softmax
from autodiff.ops.pool import max_pool2d
from autodiff.random import default_generator
from autodiff.tensor import Tensor

__all__ = [
    "conv2d", "cross_entropy", "dropout", "linear", "log_softmax", "max_pool2d", "mse_loss",
    "nll_loss", "one_hot", "relu", "sigmoid", "softmax", "tanh",
]  # fmt: skip

relu, sigmoid, tanh = FUNCTIONS["relu"], FUNCTIONS["sigmoid"], FUNCTIONS["tanh"]


def nll_loss(
    x: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    """Minus the log-probability of the right class, averaged over the samples.

    Args:
        x: log-probabilities, shape (N, C).
        target: class numbers, int64, shape (N,).
        weight: a factor for each class, shape (C,); the mean is weighted by it too.
        ignore_index: samples with this target do not count.
        reduction: "mean", "sum" or "none".

    Raises:
        ValueError: the shapes do not fit.
        RuntimeError: the target is not int64.
        IndexError: a target is no class number.
    """
    labels = target.value
    if x.ndim != 2 or labels.shape != x.value.shape[:1]:
        raise errors.nn.target_shape(x.shape, target.shape)
    if labels.dtype != np.int64:
        raise errors.nn.target_dtype(target.dtype)
    counted = labels != ignore_index
    wrong = labels[counted & ((labels < 0) | (labels >= x.shape[1]))]
    if wrong.size:
        raise errors.nn.target_out_of_bounds(int(wrong[0]), x.shape[1])
    labels = np.where(counted, labels, 0)
    scale = counted.astype(x.value.dtype)
    if weight is not None:
        scale *= weight.value[labels]
    if reduction == "none":
        return -(x.gather(1, Tensor._wrap(labels[:, None])).squeeze(1) * Tensor._wrap(scale))
    if reduction == "mean":
        scale /= scale.sum()
    elif reduction != "sum":
        raise errors.nn.reduction(reduction)
    return NllLoss.apply(x, target=labels, scale=scale)


def binary_cross_entropy_with_logits(
    x: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """How surprised the scores ``x``, before a sigmoid, are by targets between 0 and 1.

    Computed as ``max(x, 0) - x * target + log(1 + exp(-|x|))``, which does not overflow.

    Args:
        weight: a factor for each element; broadcasts.
        pos_weight: a factor for the part of positive targets; broadcasts.

    Raises:
        ValueError: ``target`` has another shape.

    >>> import autodiff as ad
    >>> ad.nn.functional.binary_cross_entropy_with_logits(ad.zeros(2), ad.tensor([0.0, 1.0]))
    tensor(0.6931)
    """
    if x.shape != target.shape:
        raise errors.nn.binary_target_shape(x.shape, target.shape)
    if weight is None and pos_weight is None:
        if reduction not in ("none", "mean", "sum"):
            raise errors.nn.reduction(reduction)
        return BinaryCrossEntropyWithLogits.apply(x, target, reduction=reduction)
    if pos_weight is None:
        each = BinaryCrossEntropyWithLogits.apply(x, target, reduction="none")
    else:
        factor = 1 + (pos_weight - 1) * target
        each = (1 - target) * x + factor * ((-x.abs()).exp().log1p() + (-x).clamp_min(0.0))
    return _reduced(each if weight is None else each * weight, reduction)


def cross_entropy(
    x: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """`nll_loss` of `log_softmax`: how surprised the scores ``x`` are by the right classes.

    Args:
        x: scores (logits, not probabilities), shape (N, C) or (C,).
        target: class numbers, shape (N,) or (); or class probabilities in the shape of ``x``.
        label_smoothing: how much of each target is spread evenly over all classes.

    >>> import autodiff as ad
    >>> scores = ad.tensor([[0.0, 0.0]])
    >>> ad.nn.functional.cross_entropy(scores, ad.tensor([1]))
    tensor(0.6931)
    """
    if x.ndim == 1:
        x, target = x.unsqueeze(0), target.unsqueeze(0)
    logp = log_softmax(x, 1)
    if target.is_floating_point() and target.shape == x.shape:
        smooth = target * (1 - label_smoothing) + label_smoothing / x.shape[1]
        each = -(logp * (smooth if weight is None else smooth * weight)).sum(1)
        return _reduced(each, reduction)
    loss = nll_loss(logp, target, weight, ignore_index, reduction)
    if not label_smoothing:
        return loss
    counted = target != ignore_index
    weights = Tensor._wrap(np.ones(x.shape[1], x.value.dtype)) if weight is None else weight
    even = -(logp * weights).sum(1) * counted.to(x.dtype)
    if reduction == "mean":
        labels = np.where(counted.value, target.value, 0)
        even = even.sum() / float((weights.value[labels] * counted.value).sum())
    elif reduction == "sum":
        even = even.sum()
    return (1 - label_smoothing) * loss + (label_smoothing / x.shape[1]) * even


def mse_loss(x: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """The mean of the squared differences.

    Warns when the shapes differ: then one of them is broadcast, seldom on purpose.

    >>> import autodiff as ad
    >>> ad.nn.functional.mse_loss(ad.tensor([1.0, 2.0]), ad.tensor([1.0, 4.0]))
    tensor(2.)
    """
    if x.shape != target.shape:
        warnings.warn(
            f"Using a target size ({list(target.shape)}) that is different to the input size "
            f"({list(x.shape)}): one of them is broadcast, which compares other pairs than you may "
            "mean. Reshape one to the shape of the other.",
            stacklevel=2,
        )
    return _reduced((x - target) ** 2, reduction)


def _reduced(x: Tensor, reduction: str) -> Tensor:
    if reduction == "mean":
        return x.mean()
    if reduction == "sum":
        return x.sum()
    if reduction != "none":
        raise errors.nn.reduction(reduction)
    return x


def dropout(x: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """Sets each element to 0 with probability ``p`` and scales the rest by 1 / (1 - p).

    Raises:
        ValueError: ``p`` is not between 0 and 1.
    """
    if not 0 <= p <= 1:
        raise errors.nn.dropout_probability(p)
    if not training or p == 0:
        return x
    keep = (default_generator.numpy.random(x.shape) >= p).astype(x.value.dtype)
    return x * Tensor._wrap(keep / (1 - p) if p < 1 else keep)


def one_hot(x: Tensor, num_classes: int = -1) -> Tensor:
    """Class numbers as rows of zeros with a single 1.

    Raises:
        RuntimeError: ``x`` is not int64, or a number in it is no class.

    >>> import autodiff as ad
    >>> ad.nn.functional.one_hot(ad.tensor([1, 0]))
    tensor([[0, 1],
            [1, 0]])
    """
    if x.value.dtype != np.int64:
        raise errors.nn.classes_not_integer(x.dtype)
    classes = int(x.value.max()) + 1 if num_classes == -1 else num_classes
    for value in (int(x.value.min()), int(x.value.max())) if x.value.size else ():
        if not 0 <= value < classes:
            raise errors.nn.class_outside(value, classes)
    return Tensor._wrap(np.eye(classes, dtype=np.int64)[x.value])
