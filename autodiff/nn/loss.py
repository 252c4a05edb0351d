"""Losses as modules: each holds the settings of a function of `autodiff.nn.functional`."""

from __future__ import annotations

from typing import Any

from autodiff import errors
from autodiff.naming import renamed
from autodiff.nn import functional
from autodiff.nn.module import Module
from autodiff.tensor import Tensor

__all__ = [
    "BCELoss", "BCEWithLogitsLoss", "CosineEmbeddingLoss", "CrossEntropyLoss", "GaussianNLLLoss",
    "HingeEmbeddingLoss", "HuberLoss", "KLDivLoss", "L1Loss", "MSELoss", "MarginRankingLoss",
    "MultiLabelMarginLoss", "MultiLabelSoftMarginLoss", "MultiMarginLoss", "NLLLoss",
    "PoissonNLLLoss", "SmoothL1Loss", "SoftMarginLoss", "TripletMarginLoss",
]  # fmt: skip


class _Loss(Module):
    """Base of losses: ``settings`` are handed to the function of that loss."""

    function: Any

    def __init__(self, reduction: str = "mean", **settings: Any) -> None:
        super().__init__()
        self.reduction = reduction
        self._names = tuple(settings)
        for name, value in settings.items():
            if name in ("weight", "pos_weight"):
                self.register_buffer(name, value)
            elif isinstance(value, Tensor):
                raise errors.nn.called_the_class(type(self).__name__, f"{name} is no tensor")
            else:
                setattr(self, name, value)

    def forward(self, *inputs: Tensor, **named: Tensor) -> Tensor:
        settings = {name: getattr(self, name) for name in self._names}
        if named:
            settings |= renamed(type(self).function, named)
        return type(self).function(*inputs, reduction=self.reduction, **settings)


class MSELoss(_Loss):
    """The mean of the squared differences between output and target.

    >>> import autodiff as ad
    >>> ad.nn.MSELoss()(ad.tensor([1.0, 2.0]), ad.tensor([1.0, 4.0]))
    tensor(2.)
    """

    function = staticmethod(functional.mse_loss)

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction)


class L1Loss(_Loss):
    """The mean of the absolute differences.

    >>> import autodiff as ad
    >>> ad.nn.L1Loss()(ad.tensor([1.0, 2.0]), ad.tensor([1.0, 4.0]))
    tensor(1.)
    """

    function = staticmethod(functional.l1_loss)

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction)


class SmoothL1Loss(_Loss):
    """The absolute difference, with a parabola within ``beta`` of 0.

    >>> import autodiff as ad
    >>> loss = ad.nn.SmoothL1Loss(reduction="none")
    >>> loss(ad.tensor([1.0, 3.0]), ad.zeros(2))  # 1**2 / 2, 3 - 1/2
    tensor([0.5000, 2.5000])
    """

    function = staticmethod(functional.smooth_l1_loss)

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction, beta=beta)


class HuberLoss(_Loss):
    """The squared difference, continued straight farther than ``delta`` from 0.

    >>> import autodiff as ad
    >>> loss = ad.nn.HuberLoss(reduction="none", delta=2.0)
    >>> loss(ad.tensor([2.0, 3.0]), ad.zeros(2))  # 2**2 / 2, 2 * (3 - 1)
    tensor([2., 4.])
    """

    function = staticmethod(functional.huber_loss)

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction, delta=delta)


class NLLLoss(_Loss):
    """Minus the log-probability of the right class; see `functional.nll_loss`.

    >>> import autodiff as ad
    >>> ad.nn.NLLLoss()(ad.tensor([[0.5, 0.5], [0.25, 0.75]]).log2(), ad.tensor([0, 0]))  # in bits
    tensor(1.5000)
    """

    function = staticmethod(functional.nll_loss)

    def __init__(
        self, weight: Tensor | None = None, ignore_index: int = -100, reduction: str = "mean"
    ) -> None:
        super().__init__(reduction, weight=weight, ignore_index=ignore_index)


class CrossEntropyLoss(_Loss):
    """The surprise of scores (logits) at the right classes; see `functional.cross_entropy`.

    >>> import autodiff as ad
    >>> ad.nn.CrossEntropyLoss()(ad.tensor([[2.0, 2.0]]), ad.tensor([0]))
    tensor(0.6931)
    """

    function = staticmethod(functional.cross_entropy)

    def __init__(
        self,
        weight: Tensor | None = None,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(
            reduction, weight=weight, ignore_index=ignore_index, label_smoothing=label_smoothing
        )


class BCELoss(_Loss):
    """The surprise of probabilities at targets between 0 and 1.

    >>> import autodiff as ad
    >>> ad.nn.BCELoss()(ad.tensor([0.5, 0.5]), ad.tensor([0.0, 1.0]))  # -log(1 / 2)
    tensor(0.6931)
    """

    function = staticmethod(functional.binary_cross_entropy)

    def __init__(self, weight: Tensor | None = None, reduction: str = "mean") -> None:
        super().__init__(reduction, weight=weight)


class BCEWithLogitsLoss(_Loss):
    """The surprise of scores (logits) at targets between 0 and 1.

    >>> import autodiff as ad
    >>> ad.nn.BCEWithLogitsLoss()(ad.tensor([0.0, 0.0]), ad.tensor([0.0, 1.0]))  # -log(1 / 2)
    tensor(0.6931)
    """

    function = staticmethod(functional.binary_cross_entropy_with_logits)

    def __init__(
        self,
        weight: Tensor | None = None,
        reduction: str = "mean",
        pos_weight: Tensor | None = None,
    ) -> None:
        super().__init__(reduction, weight=weight, pos_weight=pos_weight)


class KLDivLoss(_Loss):
    """The Kullback-Leibler divergence of log-probabilities from a target.

    >>> import autodiff as ad
    >>> coin, fixed = ad.tensor([[0.5, 0.5]]), ad.tensor([[0.0, 1.0]])
    >>> ad.nn.KLDivLoss(reduction="batchmean")(coin.log(), fixed)  # log(1 / (1 / 2))
    tensor(0.6931)
    """

    function = staticmethod(functional.kl_div)

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(reduction, log_target=log_target)


class PoissonNLLLoss(_Loss):
    """Minus the log-probability of counts under Poisson distributions.

    >>> import autodiff as ad
    >>> ad.nn.PoissonNLLLoss(log_input=False)(ad.tensor([1.0]), ad.tensor([3.0]))  # 1 - 3 * log(1)
    tensor(1.)
    """

    function = staticmethod(functional.poisson_nll_loss)

    def __init__(
        self, log_input: bool = True, full: bool = False, eps: float = 1e-8,
        reduction: str = "mean",
    ) -> None:  # fmt: skip
        super().__init__(reduction, log_input=log_input, full=full, eps=eps)


class GaussianNLLLoss(_Loss):
    """Minus the log-probability of targets under normal distributions.

    >>> import autodiff as ad
    >>> x, target, var = ad.tensor([1.0]), ad.tensor([3.0]), ad.tensor([1.0])
    >>> ad.nn.GaussianNLLLoss()(x, target, var)  # (3 - 1)**2 / 2
    tensor(2.)
    """

    function = staticmethod(functional.gaussian_nll_loss)

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(reduction, full=full, eps=eps)


class MarginRankingLoss(_Loss):
    """How far one score is from leading another by a margin.

    >>> import autodiff as ad
    >>> x1, x2 = ad.tensor([5.0, 1.0]), ad.tensor([2.0, 2.0])
    >>> ad.nn.MarginRankingLoss(reduction="none")(x1, x2, ad.tensor([1.0, 1.0]))
    tensor([0., 1.])
    """

    function = staticmethod(functional.margin_ranking_loss)

    def __init__(self, margin: float = 0.0, reduction: str = "mean") -> None:
        super().__init__(reduction, margin=margin)


class HingeEmbeddingLoss(_Loss):
    """A distance where the target is 1, and what it lacks to the margin where it is -1.

    >>> import autodiff as ad
    >>> distances, target = ad.tensor([0.25, 0.25, 3.0]), ad.tensor([1.0, -1.0, -1.0])
    >>> ad.nn.HingeEmbeddingLoss(reduction="none")(distances, target)
    tensor([0.2500, 0.7500, 0.0000])
    """

    function = staticmethod(functional.hinge_embedding_loss)

    def __init__(self, margin: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(reduction, margin=margin)


class SoftMarginLoss(_Loss):
    """``log(1 + exp(-target * x))``, for targets 1 and -1.

    >>> import autodiff as ad
    >>> ad.nn.SoftMarginLoss()(ad.tensor([0.0]), ad.tensor([1.0]))  # log(2)
    tensor(0.6931)
    """

    function = staticmethod(functional.soft_margin_loss)

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction)


class CosineEmbeddingLoss(_Loss):
    """How far two vectors are from being parallel, or from being different enough.

    >>> import autodiff as ad
    >>> x1, x2 = ad.tensor([[1.0, 0.0], [1.0, 0.0]]), ad.tensor([[0.0, 1.0], [2.0, 0.0]])
    >>> ad.nn.CosineEmbeddingLoss(reduction="none")(x1, x2, ad.tensor([1, -1]))
    tensor([1., 1.])
    """

    function = staticmethod(functional.cosine_embedding_loss)

    def __init__(self, margin: float = 0.0, reduction: str = "mean") -> None:
        super().__init__(reduction, margin=margin)


class TripletMarginLoss(_Loss):
    """How far an anchor is from being nearer to its like than to another, by a margin.

    >>> import autodiff as ad
    >>> anchor, like, other = ad.tensor([[0.0]]), ad.tensor([[2.0]]), ad.tensor([[-2.5]])
    >>> ad.nn.TripletMarginLoss()(anchor, like, other)  # 2 - 2.5 + 1
    tensor(0.5000)
    """

    function = staticmethod(functional.triplet_margin_loss)

    def __init__(
        self, margin: float = 1.0, p: float = 2.0, eps: float = 1e-6, swap: bool = False,
        reduction: str = "mean",
    ) -> None:  # fmt: skip
        super().__init__(reduction, margin=margin, p=p, eps=eps, swap=swap)


class MultiMarginLoss(_Loss):
    """How far the score of the right class is from leading all others by a margin.

    >>> import autodiff as ad
    >>> scores = ad.tensor([[3.0, 2.5, 0.0]])
    >>> ad.nn.MultiMarginLoss(reduction="sum")(scores, ad.tensor([0]))  # (0.5 + 0) / 3 classes
    tensor(0.1667)
    """

    function = staticmethod(functional.multi_margin_loss)

    def __init__(
        self, p: int = 1, margin: float = 1.0, weight: Tensor | None = None,
        reduction: str = "mean",
    ) -> None:  # fmt: skip
        super().__init__(reduction, p=p, margin=margin, weight=weight)


class MultiLabelMarginLoss(_Loss):
    """How far the scores of the right classes are from leading the wrong ones by 1.

    >>> import autodiff as ad
    >>> scores = ad.tensor([[3.0, 2.5, 0.0]])
    >>> ad.nn.MultiLabelMarginLoss()(scores, ad.tensor([[0, -1, -1]]))  # (0.5 + 0) / 3 classes
    tensor(0.1667)
    """

    function = staticmethod(functional.multilabel_margin_loss)

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction)


class MultiLabelSoftMarginLoss(_Loss):
    """The mean of the binary cross-entropies of each class's score.

    >>> import autodiff as ad
    >>> ad.nn.MultiLabelSoftMarginLoss()(ad.zeros(1, 2), ad.tensor([[1.0, 0.0]]))  # -log(1 / 2)
    tensor(0.6931)
    """

    function = staticmethod(functional.multilabel_soft_margin_loss)

    def __init__(self, weight: Tensor | None = None, reduction: str = "mean") -> None:
        super().__init__(reduction, weight=weight)
