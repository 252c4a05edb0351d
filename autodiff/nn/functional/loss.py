"""Losses as functions."""

from __future__ import annotations

import math
import warnings

import numpy as np

from autodiff import errors
from autodiff.arrays import as_array, beside, on_host
from autodiff.dtypes import promote_types
from autodiff.nn.functional.activation import logsigmoid
from autodiff.nn.functional.normalization import pairwise_distance
from autodiff.ops.loss import BinaryCrossEntropyWithLogits, NllLoss, log_softmax
from autodiff.public import FUNCTIONS
from autodiff.tensor import Tensor

__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "cosine_embedding_loss",
    "cross_entropy", "gaussian_nll_loss", "hinge_embedding_loss", "huber_loss", "kl_div",
    "l1_loss", "margin_ranking_loss", "mse_loss", "multi_margin_loss", "multilabel_margin_loss",
    "multilabel_soft_margin_loss", "nll_loss", "poisson_nll_loss", "smooth_l1_loss",
    "soft_margin_loss", "triplet_margin_loss",
]  # fmt: skip

_where = FUNCTIONS["where"]


def nll_loss(
    x: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    """Minus the log-probability of the right class, averaged over the samples.

    Args:
        x: log-probabilities, shape (N, C), (N, C, ...) or (C,).
        target: class numbers, int64 or uint8, in the shape of ``x`` without C.
        weight: a factor for each class, shape (C,); the mean is weighted by it too.
        ignore_index: samples with this target do not count.
        reduction: "mean", "sum" or "none".

    Raises:
        ValueError: not as many targets as samples.
        RuntimeError: several targets for one sample, or targets that are no integers.
        IndexError: a target is no class number.

    >>> import autodiff as ad
    >>> probabilities = ad.tensor([[0.5, 0.5], [0.25, 0.75]])
    >>> ad.nn.functional.nll_loss(probabilities.log2(), ad.tensor([0, 0]))  # 1 and 2 bits
    tensor(1.5000)
    """
    if x.ndim == 1:
        if tuple(target.shape) not in ((), (1,)):
            raise errors.nn.target_shape((1, *x.shape), target.shape)
        one = nll_loss(x.unsqueeze(0), target.reshape(1), weight, ignore_index, reduction)
        return one.squeeze(0) if reduction == "none" else one
    if x.ndim > 2:
        return _for_each_place(x, target, weight, ignore_index, reduction)
    labels = target.value
    if x.ndim != 2 or labels.shape[:1] != x.value.shape[:1]:
        raise errors.nn.target_shape(x.shape, target.shape)
    if labels.ndim != 1:
        raise errors.nn.several_targets(x.shape, target.shape)
    if labels.dtype not in (np.int64, np.uint8):
        raise errors.nn.target_dtype(target.dtype)
    labels = labels.astype(np.int64, copy=False)
    counted = labels != ignore_index
    if on_host(labels):
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
        if not labels.size:  # the mean of nothing
            return x.sum() * float("nan")
        scale /= scale.sum()
    elif reduction != "sum":
        raise errors.nn.reduction(reduction)
    return NllLoss.apply(x, target=labels, scale=scale)


def _for_each_place(
    x: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int, reduction: str
) -> Tensor:
    """`nll_loss` of pictures and the like: every place of every sample is a sample."""
    if tuple(target.shape) != (x.shape[0], *x.shape[2:]):
        raise errors.nn.target_shape(x.shape, target.shape)
    rows = x.movedim(1, -1).reshape(-1, x.shape[1])
    out = nll_loss(rows, target.reshape(-1), weight, ignore_index, reduction)
    return out.reshape(target.shape) if reduction == "none" else out


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
        RuntimeError: ``target`` does not hold floats.

    >>> import autodiff as ad
    >>> ad.nn.functional.binary_cross_entropy_with_logits(ad.zeros(2), ad.tensor([0.0, 1.0]))
    tensor(0.6931)
    """
    if x.shape != target.shape:
        raise errors.nn.binary_target_shape(x.shape, target.shape)
    if not target.is_floating_point():
        raise errors.nn.target_not_like_input(target.dtype, x.dtype)
    if target.dtype != x.dtype:
        common = promote_types(x.dtype, target.dtype)
        x, target = x.to(common), target.to(common)
    name = "binary_cross_entropy_with_logits"
    _warn_of_squashed(x, "Sigmoid", name, "binary_cross_entropy")
    if weight is None and pos_weight is None:
        if reduction not in ("none", "mean", "sum"):
            raise errors.nn.reduction(reduction)
        return BinaryCrossEntropyWithLogits.apply(x, target, reduction=reduction)
    if pos_weight is None:
        each = BinaryCrossEntropyWithLogits.apply(x, target, reduction="none")
    else:
        factor = 1 + (pos_weight - 1) * target
        each = (1 - target) * x + factor * ((-x.abs()).exp().log1p() + (-x).clamp_min(0.0))
    return reduced(each if weight is None else each * weight, reduction)


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
        x: scores (logits, not probabilities), shape (N, C), (N, C, ...) or (C,).
        target: class numbers, in the shape of ``x`` without C; or class probabilities in the
            shape of ``x``.
        label_smoothing: how much of each target is spread evenly over all classes.

    >>> import autodiff as ad
    >>> scores = ad.tensor([[0.0, 0.0]])
    >>> ad.nn.functional.cross_entropy(scores, ad.tensor([1]))
    tensor(0.6931)
    """
    _warn_of_squashed(x, "Softmax", "cross_entropy", "nll_loss of log_softmax")
    if x.ndim == 1:
        if tuple(target.shape) not in ((), (1,), tuple(x.shape)):
            raise errors.nn.target_shape((1, *x.shape), target.shape)
        one_row = target.reshape(1, -1) if target.shape == x.shape else target.reshape(1)
        one = cross_entropy(
            x.unsqueeze(0), one_row, weight, ignore_index, reduction, label_smoothing
        )
        return one.squeeze(0) if reduction == "none" else one
    if x.ndim > 2:
        target = target.movedim(1, -1) if target.is_floating_point() else target
        shape = target.shape[: x.ndim - 1]
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        labels = target.reshape(rows.shape if target.is_floating_point() else (-1,))
        out = cross_entropy(rows, labels, weight, ignore_index, reduction, label_smoothing)
        return out.reshape(shape) if reduction == "none" else out
    logp = log_softmax(x, 1)
    if target.is_floating_point() and target.shape == x.shape:
        smooth = target * (1 - label_smoothing) + label_smoothing / x.shape[1]
        each = -(logp * (smooth if weight is None else smooth * weight)).sum(1)
        return reduced(each, reduction)
    if target.shape == x.shape and x.shape[1] > 1:
        raise errors.nn.probabilities_dtype(target.dtype)
    loss = nll_loss(logp, target, weight, ignore_index, reduction)
    return (
        loss
        if not label_smoothing
        else _smoothed(loss, logp, target, weight, ignore_index, reduction, label_smoothing)
    )


def _smoothed(
    loss: Tensor, logp: Tensor, target: Tensor, weight: Tensor | None, ignore_index: int,
    reduction: str, label_smoothing: float,
) -> Tensor:  # fmt: skip
    """The loss with a part of each target spread evenly over all classes."""
    counted = target != ignore_index
    classes = logp.shape[1]
    weights = Tensor._wrap(np.ones_like(logp.value, shape=classes)) if weight is None else weight
    even = -(logp * weights).sum(1) * counted.to(logp.dtype)
    if reduction == "mean":
        labels = np.where(counted.value, target.value, 0)
        even = even.sum() / Tensor._wrap(as_array((weights.value[labels] * counted.value).sum()))
    elif reduction == "sum":
        even = even.sum()
    return (1 - label_smoothing) * loss + (label_smoothing / classes) * even


def _warn_of_squashed(x: Tensor, op: str, loss: str, instead: str) -> None:
    """Warn where the scores are the result of the function that the loss applies itself."""
    node = x._source
    if node is not None and type(node).__name__ == op:
        warnings.warn(errors.nn.squashed_scores(loss, op.lower(), instead), stacklevel=3)


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
    return reduced((x - target) ** 2, reduction)


def reduced(x: Tensor, reduction: str) -> Tensor:
    """The mean or the sum of the loss of each element, or all of them.

    Raises:
        ValueError: an unknown reduction.
    """
    if reduction == "mean":
        return x.mean()
    if reduction == "sum":
        return x.sum()
    if reduction != "none":
        raise errors.nn.reduction(reduction)
    return x


def l1_loss(x: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """The mean of the absolute differences.

    >>> import autodiff as ad
    >>> ad.nn.functional.l1_loss(ad.tensor([1.0, 2.0]), ad.tensor([1.0, 4.0]))
    tensor(1.)
    """
    return reduced((x - target).abs(), reduction)


def smooth_l1_loss(x: Tensor, target: Tensor, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """The absolute difference, with a parabola within ``beta`` of 0.

    Formula: ``d**2 / (2 * beta)`` where ``d = |x - target|`` is below ``beta``, else
    ``d - beta / 2``.

    >>> import autodiff as ad
    >>> x, target = ad.tensor([1.0, 3.0]), ad.zeros(2)
    >>> ad.nn.functional.smooth_l1_loss(x, target, "none")  # 1**2 / 2, 3 - 1/2
    tensor([0.5000, 2.5000])
    """
    if beta == 0:
        return l1_loss(x, target, reduction)
    gap = (x - target).abs()
    return reduced(_where(gap < beta, gap * gap * (0.5 / beta), gap - 0.5 * beta), reduction)


def huber_loss(x: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    """The squared difference, continued straight farther than ``delta`` from 0.

    Source: Huber, "Robust estimation of a location parameter" (1964).

    Formula: ``d**2 / 2`` where ``d = |x - target|`` is up to ``delta``, else
    ``delta * (d - delta / 2)``.

    >>> import autodiff as ad
    >>> x, target = ad.tensor([2.0, 3.0]), ad.zeros(2)
    >>> ad.nn.functional.huber_loss(x, target, "none", delta=2.0)  # 2**2 / 2, 2 * (3 - 1)
    tensor([2., 4.])
    """
    gap = (x - target).abs()
    return reduced(_where(gap < delta, gap * gap * 0.5, (gap - 0.5 * delta) * delta), reduction)


def binary_cross_entropy(
    x: Tensor, target: Tensor, weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """How surprised the probabilities ``x`` are by targets between 0 and 1.

    Logarithms are limited to -100. `binary_cross_entropy_with_logits` is more exact.

    Raises:
        ValueError: ``target`` has another shape.
        RuntimeError: ``x`` has elements that are no probabilities, or a dtype of its own.

    >>> import autodiff as ad
    >>> x, target = ad.tensor([0.5, 0.0]), ad.tensor([1.0, 0.0])
    >>> ad.nn.functional.binary_cross_entropy(x, target)  # (log(2) + 0) / 2
    tensor(0.3466)
    """
    if x.shape != target.shape:
        raise errors.nn.binary_target_shape(x.shape, target.shape)
    if target.dtype != x.dtype:
        raise errors.nn.target_not_like_input(target.dtype, x.dtype)
    if x.value.size and not (x.value.min() >= 0 and x.value.max() <= 1):
        raise errors.nn.not_probabilities(float(x.value.min()), float(x.value.max()))
    sure = x.log().clamp_min(-100.0)
    unsure = (1 - x).log().clamp_min(-100.0)
    each = -(target * sure + (1 - target) * unsure)
    return reduced(each if weight is None else each * weight, reduction)


def kl_div(x: Tensor, target: Tensor, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """The Kullback-Leibler divergence of log-probabilities ``x`` from ``target``.

    "batchmean" divides the sum by the size of the batch, as the definition does.

    >>> import autodiff as ad
    >>> coin, fixed = ad.tensor([[0.5, 0.5]]), ad.tensor([[0.0, 1.0]])
    >>> ad.nn.functional.kl_div(coin.log(), fixed, "batchmean")  # log(1 / (1 / 2))
    tensor(0.6931)
    """
    if log_target:
        each = target.exp() * (target - x)
    else:
        each = FUNCTIONS["xlogy"](target, target) - target * x
    if reduction == "batchmean":
        return each.sum() / x.shape[0]
    if reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math "
            "definition.",
            stacklevel=2,
        )
    return reduced(each, reduction)


def poisson_nll_loss(
    x: Tensor, target: Tensor, log_input: bool = True, full: bool = False, eps: float = 1e-8,
    reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """Minus the log-probability of counts under Poisson distributions of (log-)rate ``x``.

    Formula: ``exp(x) - target * x``; without ``log_input`` ``x - target * log(x + eps)``. With
    ``full`` plus Stirling's approximation of ``log(target!)``, where target is above 1.

    >>> import autodiff as ad
    >>> rate, count = ad.tensor([1.0]), ad.tensor([3.0])
    >>> ad.nn.functional.poisson_nll_loss(rate, count, log_input=False)  # 1 - 3 * log(1)
    tensor(1.)
    """
    each = x.exp() - target * x if log_input else x - target * (x + eps).log()
    if full:
        stirling = target * target.log() - target + (target * (2 * math.pi)).log() * 0.5
        each = each + _where(target > 1, stirling, 0.0)
    return reduced(each, reduction)


def gaussian_nll_loss(
    x: Tensor, target: Tensor, var: Tensor, full: bool = False, eps: float = 1e-6,
    reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """Minus the log-probability of ``target`` under normal distributions around ``x``.

    Formula: ``(log(var) + (x - target)**2 / var) / 2``, with ``var`` at least ``eps``; of the shape
    of ``x``, or of one dimension less. With ``full`` plus ``log(2 pi) / 2``.

    >>> import autodiff as ad
    >>> x, target, var = ad.tensor([1.0]), ad.tensor([3.0]), ad.tensor([1.0])
    >>> ad.nn.functional.gaussian_nll_loss(x, target, var)  # (3 - 1)**2 / 2
    tensor(2.)
    """
    if var.ndim == x.ndim - 1:
        var = var.unsqueeze(-1)
    safe = _where(var < eps, var.detach() * 0 + eps, var)
    each = (safe.log() + (x - target) ** 2 / safe) * 0.5
    if full:
        each = each + 0.5 * math.log(2 * math.pi)
    return reduced(each, reduction)


def margin_ranking_loss(
    x1: Tensor, x2: Tensor, target: Tensor, margin: float = 0.0, reduction: str = "mean"
) -> Tensor:
    """How far ``x1`` is from being larger than ``x2`` by a margin; smaller where target is -1.

    Formula: ``max(0, margin - target * (x1 - x2))``, elementwise; targets are 1 or -1.

    >>> import autodiff as ad
    >>> x1, x2 = ad.tensor([5.0, 1.0]), ad.tensor([2.0, 2.0])
    >>> ad.nn.functional.margin_ranking_loss(x1, x2, ad.ones(2), reduction="none")
    tensor([0., 1.])
    """
    return reduced((-target * (x1 - x2) + margin).clamp_min(0.0), reduction)


def hinge_embedding_loss(
    x: Tensor, target: Tensor, margin: float = 1.0, reduction: str = "mean"
) -> Tensor:
    """``x`` where target is 1, and how far it is below the margin where target is -1.

    Formula: ``x``, or ``max(0, margin - x)``, elementwise; targets are 1 or -1.

    >>> import autodiff as ad
    >>> distances, target = ad.tensor([0.25, 0.25, 3.0]), ad.tensor([1.0, -1.0, -1.0])
    >>> ad.nn.functional.hinge_embedding_loss(distances, target, reduction="none")
    tensor([0.2500, 0.7500, 0.0000])
    """
    return reduced(_where(target == 1, x, (margin - x).clamp_min(0.0)), reduction)


def soft_margin_loss(x: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """``log(1 + exp(-target * x))``, for targets 1 and -1.

    >>> import autodiff as ad
    >>> ad.nn.functional.soft_margin_loss(ad.tensor([0.0]), ad.tensor([1.0]))  # log(2)
    tensor(0.6931)
    """
    return reduced((-target * x).exp().log1p(), reduction)


def cosine_embedding_loss(
    x1: Tensor, x2: Tensor, target: Tensor, margin: float = 0.0, reduction: str = "mean"
) -> Tensor:
    """1 minus the cosine where target is 1; the cosine above the margin where target is -1.

    Shapes: ``x1`` and ``x2`` (N, features), target (N,); or (features,) and ().

    >>> import autodiff as ad
    >>> x1, x2 = ad.tensor([[1.0, 0.0], [1.0, 0.0]]), ad.tensor([[0.0, 1.0], [2.0, 0.0]])
    >>> ad.nn.functional.cosine_embedding_loss(x1, x2, ad.tensor([1, -1]), reduction="none")
    tensor([1., 1.])
    """
    tiny = 1e-12
    lengths = ((x1 * x1).sum(-1) + tiny) * ((x2 * x2).sum(-1) + tiny)
    cosine = (x1 * x2).sum(-1) / lengths.sqrt()
    return reduced(_where(target == 1, 1 - cosine, (cosine - margin).clamp_min(0.0)), reduction)


def triplet_margin_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, margin: float = 1.0, p: float = 2.0,
    eps: float = 1e-6, swap: bool = False, reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """How far the anchor is from being nearer to the positive than to the negative, by a margin.

    Shapes: all three (N, features), or (features,). Formula:
    ``max(0, |anchor - positive| - |anchor - negative| + margin)`` with p-norms; with ``swap`` the
    positive's distance from the negative counts where it is the smaller one.

    >>> import autodiff as ad
    >>> anchor, like, other = ad.tensor([[0.0]]), ad.tensor([[2.0]]), ad.tensor([[-2.5]])
    >>> ad.nn.functional.triplet_margin_loss(anchor, like, other)  # 2 - 2.5 + 1
    tensor(0.5000)
    """
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = FUNCTIONS["minimum"](far, pairwise_distance(positive, negative, p, eps))
    return reduced((near - far + margin).clamp_min(0.0), reduction)


def multi_margin_loss(
    x: Tensor, target: Tensor, p: int = 1, margin: float = 1.0, weight: Tensor | None = None,
    reduction: str = "mean",
) -> Tensor:  # fmt: skip
    """How far the score of the right class is from leading all others by a margin.

    Shapes: ``x`` (N, C) and class numbers ``target`` (N,), or (C,) and (). Formula:
    ``max(0, margin - x[right] + x[other])**p`` summed over the other classes, over C.

    >>> import autodiff as ad
    >>> scores = ad.tensor([[3.0, 2.5, 0.0, 0.0]])
    >>> ad.nn.functional.multi_margin_loss(scores, ad.tensor([0]))  # (0.5 + 0 + 0) / 4 classes
    tensor(0.1250)
    """
    if x.ndim == 1:
        labels = target.reshape(1)
        one = multi_margin_loss(x.unsqueeze(0), labels, p, margin, weight, reduction)
        return one.squeeze(0) if reduction == "none" else one
    right = target.unsqueeze(1)
    gaps = (margin - x.gather(1, right) + x).clamp_min(0.0) ** p
    if weight is not None:
        gaps = gaps * weight[target].unsqueeze(1)
    others = Tensor._wrap(beside(x, np.arange(x.shape[1])) != right.value)
    return reduced(_where(others, gaps, 0.0).sum(1) / x.shape[1], reduction)


def multilabel_margin_loss(x: Tensor, target: Tensor, reduction: str = "mean") -> Tensor:
    """How far the scores of the right classes are from leading the wrong ones by 1.

    A row of ``target`` lists the right classes; what follows a -1 does not count.

    Shapes: ``x`` and ``target`` (N, C), or (C,).

    >>> import autodiff as ad
    >>> scores = ad.tensor([[3.0, 2.5, 0.0, 0.0]])
    >>> ad.nn.functional.multilabel_margin_loss(scores, ad.tensor([[0, -1, -1, -1]]))
    tensor(0.1250)
    """
    if x.ndim == 1:
        each = multilabel_margin_loss(x.unsqueeze(0), target.unsqueeze(0), "none")
        return each.squeeze(0) if reduction == "none" else reduced(each, reduction)
    listed = np.cumsum(target.value < 0, axis=1) == 0
    right = np.zeros_like(x.value, dtype=bool)
    rows, places = np.nonzero(listed)
    right[rows, target.value[rows, places]] = True
    scores = x.gather(1, Tensor._wrap(np.where(listed, target.value, 0)))
    gaps = (1 - scores.unsqueeze(2) + x.unsqueeze(1)).clamp_min(0.0)
    counted = Tensor._wrap(listed[:, :, None] & ~right[:, None, :])
    return reduced(_where(counted, gaps, 0.0).sum((1, 2)) / x.shape[1], reduction)


def multilabel_soft_margin_loss(
    x: Tensor, target: Tensor, weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """The mean of the binary cross-entropies of each class's score.

    Shapes: ``x`` and ``target`` (N, C), of scores and of 0 or 1; ``weight`` (C,).

    >>> import autodiff as ad
    >>> scores, target = ad.zeros(1, 2), ad.tensor([[1.0, 0.0]])
    >>> ad.nn.functional.multilabel_soft_margin_loss(scores, target)  # -log(1 / 2)
    tensor(0.6931)
    """
    each = -(target * logsigmoid(x) + (1 - target) * logsigmoid(-x))
    each = each if weight is None else each * weight
    return reduced(each.mean(-1), reduction)
