"""Normalisation as layers."""

from __future__ import annotations

from typing import Any

from autodiff.creation import ones, zeros
from autodiff.dtypes import int64
from autodiff.nn import functional, init
from autodiff.nn.module import Module
from autodiff.nn.parameter import Parameter
from autodiff.tensor import Tensor

__all__ = [
    "BatchNorm1d", "BatchNorm2d", "GroupNorm", "InstanceNorm1d", "InstanceNorm2d", "LayerNorm",
    "RMSNorm",
]  # fmt: skip


class _ChannelNorm(Module):
    """Normalisation with a weight and a bias, and running statistics, for each channel."""

    dimensions: tuple[int, ...]

    def __init__(
        self,
        num_features: int,
        eps: float,
        momentum: float | None,
        affine: bool,
        track_running_stats: bool,
        dtype: Any,
        bias: bool,
    ) -> None:
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.register_parameter(
            "weight", Parameter(ones(num_features, dtype=dtype)) if affine else None
        )
        self.register_parameter(
            "bias", Parameter(zeros(num_features, dtype=dtype)) if affine and bias else None
        )
        tracked = track_running_stats
        self.register_buffer("running_mean", zeros(num_features, dtype=dtype) if tracked else None)
        self.register_buffer("running_var", ones(num_features, dtype=dtype) if tracked else None)
        self.register_buffer("num_batches_tracked", zeros((), dtype=int64) if tracked else None)

    def reset_running_stats(self) -> None:
        """Forget the statistics of the batches seen so far."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Start again from weights of 1 and biases of 0."""
        self.reset_running_stats()
        if self.affine:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def _check(self, x: Tensor) -> None:
        if x.ndim not in self.dimensions:
            wanted = " or ".join(f"{n}D" for n in self.dimensions)
            raise ValueError(f"expected {wanted} input (got {x.ndim}D input)")

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, bias={self.bias is not None}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_ChannelNorm):
    """Each channel less its mean, over its standard deviation; times a weight, plus a bias.

    Mean and deviation are those of the batch in training, which running ones follow; in use the
    running ones are taken. Input (N, C) or (N, C, L). With ``momentum=None`` the running ones are
    the plain means over all batches.

    Raises:
        ValueError: input of another number of dimensions, or of one value per channel in training.

    >>> import autodiff as ad
    >>> layer = ad.nn.BatchNorm1d(1)
    >>> layer(ad.tensor([[1.0], [3.0]])).detach()
    tensor([[-1.0000],
            [ 1.0000]])
    >>> layer.running_mean  # 0.9 * 0 + 0.1 * 2
    tensor([0.2000])
    """

    dimensions: tuple[int, ...] = (2, 3)

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1,
        affine: bool = True, track_running_stats: bool = True, dtype: Any = None,
        bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype, bias)

    def forward(self, x: Tensor) -> Tensor:
        self._check(x)
        momentum = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                momentum = 1 / self.num_batches_tracked.item()
        use_batch = self.training or self.running_mean is None
        tracked = not self.training or self.track_running_stats
        return functional.batch_norm(
            x,
            self.running_mean if tracked else None,
            self.running_var if tracked else None,
            self.weight, self.bias, use_batch, momentum, self.eps,
        )  # fmt: skip


class BatchNorm2d(BatchNorm1d):
    """`BatchNorm1d` of images (N, C, H, W).

    >>> import autodiff as ad
    >>> layer = ad.nn.BatchNorm2d(1, affine=False)
    >>> layer(ad.tensor([[[[1.0, 3.0]]], [[[3.0, 1.0]]]])).flatten()
    tensor([-1.0000,  1.0000,  1.0000, -1.0000])
    """

    dimensions = (4,)


class InstanceNorm1d(_ChannelNorm):
    """Each channel of each sample less its mean, over its standard deviation.

    Input (N, C, L) or (C, L).

    >>> import autodiff as ad
    >>> ad.nn.InstanceNorm1d(2)(ad.tensor([[[1.0, 3.0], [10.0, 50.0]]]))
    tensor([[[-1.0000,  1.0000],
             [-1.0000,  1.0000]]])
    """

    dimensions: tuple[int, ...] = (2, 3)

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1,
        affine: bool = False, track_running_stats: bool = False, dtype: Any = None,
        bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, dtype, bias)

    def forward(self, x: Tensor) -> Tensor:
        self._check(x)
        if x.ndim == min(self.dimensions):
            return self.forward(x.unsqueeze(0)).squeeze(0)
        return functional.instance_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias,
            self.training or not self.track_running_stats, self.momentum or 0.0, self.eps,
        )  # fmt: skip


class InstanceNorm2d(InstanceNorm1d):
    """`InstanceNorm1d` of images (N, C, H, W) or (C, H, W).

    >>> import autodiff as ad
    >>> ad.nn.InstanceNorm2d(1)(ad.tensor([[[[1.0, 3.0], [3.0, 1.0]]]]))
    tensor([[[[-1.0000,  1.0000],
              [ 1.0000, -1.0000]]]])
    """

    dimensions = (3, 4)


class GroupNorm(Module):
    """Each group of channels of each sample less its mean, over its standard deviation.

    Raises:
        ValueError: the channels cannot be divided into that many groups.

    >>> import autodiff as ad
    >>> layer = ad.nn.GroupNorm(num_groups=2, num_channels=4)
    >>> layer(ad.tensor([[1.0, 3.0, 10.0, 50.0]])).detach()
    tensor([[-1.0000,  1.0000, -1.0000,  1.0000]])
    """

    def __init__(
        self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True,
        dtype: Any = None, bias: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        if num_channels % num_groups:
            raise ValueError("num_channels must be divisible by num_groups")
        self.num_groups, self.num_channels = num_groups, num_channels
        self.eps, self.affine = eps, affine
        self.register_parameter(
            "weight", Parameter(ones(num_channels, dtype=dtype)) if affine else None
        )
        self.register_parameter(
            "bias", Parameter(zeros(num_channels, dtype=dtype)) if affine and bias else None
        )

    def forward(self, x: Tensor) -> Tensor:
        return functional.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        text = f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}"
        return f"{text}, bias={self.bias is not None}"


class LayerNorm(Module):
    """Each sample less its mean, over its standard deviation; over the last dimensions.

    >>> import autodiff as ad
    >>> ad.nn.LayerNorm(2)(ad.tensor([[1.0, 3.0]])).detach()
    tensor([[-1.0000,  1.0000]])
    """

    def __init__(
        self, normalized_shape: Any, eps: float = 1e-5, elementwise_affine: bool = True,
        bias: bool = True, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        is_number = isinstance(normalized_shape, int)
        self.normalized_shape = (normalized_shape,) if is_number else tuple(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        weight = Parameter(ones(self.normalized_shape, dtype=dtype)) if elementwise_affine else None
        self.register_parameter("weight", weight)
        has_bias = elementwise_affine and bias
        self.register_parameter(
            "bias", Parameter(zeros(self.normalized_shape, dtype=dtype)) if has_bias else None
        )

    def forward(self, x: Tensor) -> Tensor:
        return functional.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        text = f"{self.normalized_shape}, eps={self.eps}, "
        return text + f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"


class RMSNorm(Module):
    """Each sample over its root mean square; over the last dimensions.

    Source: Zhang & Sennrich, "Root mean square layer normalization" (2019).

    >>> import autodiff as ad
    >>> ad.nn.RMSNorm(2)(ad.tensor([[1.0, 7.0]])).detach()  # over sqrt((1 + 49) / 2) = 5
    tensor([[0.2000, 1.4000]])
    """

    def __init__(
        self, normalized_shape: Any, eps: float | None = None, elementwise_affine: bool = True,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        is_number = isinstance(normalized_shape, int)
        self.normalized_shape = (normalized_shape,) if is_number else tuple(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        weight = Parameter(ones(self.normalized_shape, dtype=dtype)) if elementwise_affine else None
        self.register_parameter("weight", weight)

    def forward(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )
