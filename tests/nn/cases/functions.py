"""The table of functions of nn.functional: calls with defaults, and with settings of their own.

``call(f, x, y)`` is written against the API that autodiff and PyTorch share, with ``f`` the
functional of the one or the other and ``x``, ``y`` of shape (4, 6). test_parity_functions compares
each row with PyTorch; test_tables fails when a function has no row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["FUNCTIONS"]


def image(x: Any) -> Any:
    return x.reshape(1, 2, 3, 4)


def row(x: Any) -> Any:
    return x.reshape(2, 2, 6)


def sign(y: Any) -> Any:
    return y.detach().sign()


def share(y: Any) -> Any:
    return y.detach().sigmoid()


def classes(y: Any) -> Any:
    """A class from 0 to 2 for each row."""
    return y.detach().argmax(1) % 3


FUNCTIONS: list[Callable[[Any, Any, Any], Any]] = [
    # activations
    lambda f, x, y: f.relu(x),
    lambda f, x, y: f.relu(x * 1, inplace=True),
    lambda f, x, y: f.leaky_relu(x),
    lambda f, x, y: f.leaky_relu(x * 1, 0.3, True),
    lambda f, x, y: f.prelu(x, y[0]),
    lambda f, x, y: f.prelu(x, y[0, :1]),
    lambda f, x, y: f.prelu(x[0], y[0, :1]),
    lambda f, x, y: f.rrelu(x),
    lambda f, x, y: f.rrelu(x, 0.2, 0.8),
    lambda f, x, y: f.elu(x),
    lambda f, x, y: f.elu(x, alpha=0.3),
    lambda f, x, y: f.celu(x),
    lambda f, x, y: f.celu(x, 0.25),
    lambda f, x, y: f.selu(x),
    lambda f, x, y: f.selu(x * 1, inplace=True),
    lambda f, x, y: f.gelu(x),
    lambda f, x, y: f.gelu(x, approximate="tanh"),
    lambda f, x, y: f.silu(x),
    lambda f, x, y: f.mish(x),
    lambda f, x, y: f.mish(x * 1, inplace=True),
    lambda f, x, y: f.softplus(x),
    lambda f, x, y: f.softplus(x, beta=2, threshold=1),
    lambda f, x, y: f.softsign(x),
    lambda f, x, y: f.tanhshrink(x),
    lambda f, x, y: f.logsigmoid(x),
    lambda f, x, y: f.sigmoid(x),
    lambda f, x, y: f.tanh(x),
    lambda f, x, y: f.hardtanh(x),
    lambda f, x, y: f.hardtanh(x, -0.2, 0.7),
    lambda f, x, y: f.relu6(x * 5),
    lambda f, x, y: f.hardsigmoid(x * 0),
    lambda f, x, y: f.hardswish(x),
    lambda f, x, y: f.hardshrink(x),
    lambda f, x, y: f.hardshrink(x, 1.2),
    lambda f, x, y: f.softshrink(x),
    lambda f, x, y: f.softshrink(x, lambd=0.1),
    lambda f, x, y: f.threshold(x, 0.3, -7.0),
    lambda f, x, y: f.glu(x),
    lambda f, x, y: f.glu(x, dim=0),
    lambda f, x, y: f.softmax(x, 0),
    lambda f, x, y: f.softmax(x, dim=-1),
    lambda f, x, y: f.log_softmax(x, 1),
    lambda f, x, y: f.log_softmax(x, dim=0),
    lambda f, x, y: f.softmin(x, 1),
    # sums, distances, normalization
    lambda f, x, y: f.linear(x, y),
    lambda f, x, y: f.linear(x[0], y, y[:, 0]),
    lambda f, x, y: f.bilinear(x, y, y.reshape(1, 4, 6)[:, :, :6].expand(2, 4, 6).mT @ x),
    lambda f, x, y: f.cosine_similarity(x, y),
    lambda f, x, y: f.cosine_similarity(x, y, dim=0, eps=1e-3),
    lambda f, x, y: f.cosine_similarity(x[:, None], y),
    lambda f, x, y: f.pairwise_distance(x, y),
    lambda f, x, y: f.pairwise_distance(x, y, p=1, keepdim=True),
    lambda f, x, y: f.normalize(x),
    lambda f, x, y: f.normalize(x, p=1, dim=0),
    lambda f, x, y: f.normalize(x, p=3.0, dim=-1, eps=2.5),
    lambda f, x, y: f.batch_norm(x, y[0].detach(), share(y[1])),
    lambda f, x, y: f.batch_norm(x, None, None, y[0], y[1], training=True, eps=0.1),
    lambda f, x, y: f.instance_norm(image(x)),
    lambda f, x, y: f.instance_norm(image(x), None, None, y[0, :2], y[1, :2], eps=0.1),
    lambda f, x, y: f.instance_norm(
        image(x), y[0, :2].detach(), share(y[1, :2]), use_input_stats=False
    ),
    lambda f, x, y: f.group_norm(x, 3),
    lambda f, x, y: f.group_norm(image(x), 1, y[0, :2], y[1, :2], eps=0.1),
    lambda f, x, y: f.layer_norm(x, (6,)),
    lambda f, x, y: f.layer_norm(x, (4, 6), y, y * 2, 0.1),
    lambda f, x, y: f.rms_norm(x, (6,)),
    lambda f, x, y: f.rms_norm(x, (4, 6), y, 0.1),
    lambda f, x, y: f.embedding(classes(y), x),
    lambda f, x, y: f.embedding(classes(y), x, padding_idx=-3),
    lambda f, x, y: f.one_hot(classes(y)) * x.sum(),
    lambda f, x, y: f.one_hot(classes(y), 5) * x.sum(),
    lambda f, x, y: f.scaled_dot_product_attention(row(x), row(y), row(y) * 2),
    lambda f, x, y: f.scaled_dot_product_attention(x, y, y, attn_mask=x @ y.mT, scale=0.3),
    lambda f, x, y: f.scaled_dot_product_attention(x, y, y, is_causal=True),
    # dropout that drops nothing: RANDOM in layers.py has the rest
    lambda f, x, y: f.dropout(x, training=False),
    lambda f, x, y: f.dropout1d(x, 0.0),
    lambda f, x, y: f.dropout2d(image(x), training=False),
    lambda f, x, y: f.dropout3d(image(x), 0.0),
    lambda f, x, y: f.alpha_dropout(x),
    # windows
    lambda f, x, y: f.conv1d(row(x), row(y)[..., :3]),
    lambda f, x, y: f.conv1d(row(x), row(y)[:, :1, :2], y[0, :2], 2, 1, 2, 2),
    lambda f, x, y: f.conv2d(image(x), image(y)[..., :2]),
    lambda f, x, y: f.conv2d(image(x), image(y).mT[:, :, :3], y[0, :1], padding="same"),
    lambda f, x, y: f.conv_transpose1d(row(x), row(y)),
    lambda f, x, y: f.conv_transpose1d(row(x), row(y)[..., :2], y[0, :4], 2, 1, 1, 2),
    lambda f, x, y: f.conv_transpose2d(image(x), y.reshape(2, 2, 3, 2)),
    lambda f, x, y: f.conv_transpose2d(image(x), y.reshape(2, 2, 3, 2), stride=2, padding=(1, 0)),
    lambda f, x, y: f.max_pool1d(x, 2),
    lambda f, x, y: f.max_pool1d(row(x), 3, 2, padding=1, dilation=1, ceil_mode=True),
    lambda f, x, y: f.max_pool1d(x, 2, return_indices=True)[1].double() + x.sum(),
    lambda f, x, y: f.max_pool2d(image(x), 2),
    lambda f, x, y: f.max_pool2d(image(x), (2, 3), 1, (1, 0)),
    lambda f, x, y: f.max_pool2d(x[None], 2, return_indices=True)[1].double() + x.sum(),
    lambda f, x, y: f.avg_pool1d(x, 2),
    lambda f, x, y: f.avg_pool1d(row(x), 3, 2, 1, True, False),
    lambda f, x, y: f.avg_pool2d(image(x), 2),
    lambda f, x, y: f.avg_pool2d(image(x), 2, 1, 1, count_include_pad=False, divisor_override=3),
    lambda f, x, y: f.adaptive_avg_pool1d(row(x), 4),
    lambda f, x, y: f.adaptive_avg_pool2d(image(x), (None, 3)),
    lambda f, x, y: f.adaptive_max_pool1d(row(x), 4),
    lambda f, x, y: f.adaptive_max_pool1d(x, 4, return_indices=True)[1] + x.sum(),
    lambda f, x, y: f.adaptive_max_pool2d(image(x), (3, None)),
    lambda f, x, y: f.adaptive_max_pool2d(x[None], (2, 3), return_indices=True)[1] + x.sum(),
    lambda f, x, y: f.unfold(image(x), 2),
    lambda f, x, y: f.unfold(image(x), (2, 3), dilation=1, padding=1, stride=2),
    lambda f, x, y: f.fold(x, (3, 4), 2),
    lambda f, x, y: f.fold(x[None], (3, 5), (2, 1), padding=(0, 1), stride=(1, 3), dilation=1),
    # borders and sizes
    lambda f, x, y: f.pad(x, (1, 2)),
    lambda f, x, y: f.pad(x, (1, 2), value=3.0),
    lambda f, x, y: f.pad(x, (1, -2, 0, 1)),
    lambda f, x, y: f.pad(x[None], (2, 1), mode="reflect"),
    lambda f, x, y: f.pad(x[None], (2, 1), mode="replicate"),
    lambda f, x, y: f.pad(x[None], (2, 1), mode="circular"),
    lambda f, x, y: f.interpolate(x[None], size=9),
    lambda f, x, y: f.interpolate(x[None], scale_factor=0.5, mode="linear"),
    lambda f, x, y: f.interpolate(x[None, None], scale_factor=(2, 0.5), mode="bilinear"),
    lambda f, x, y: f.interpolate(x[None, None], size=(2, 3), mode="area"),
    lambda f, x, y: f.interpolate(x[None], size=4, mode="area"),
    # losses
    lambda f, x, y: f.mse_loss(x, y),
    lambda f, x, y: f.l1_loss(x, y, reduction="sum"),
    lambda f, x, y: f.smooth_l1_loss(x, y),
    lambda f, x, y: f.smooth_l1_loss(x, y, reduction="none", beta=0.2),
    lambda f, x, y: f.huber_loss(x, y),
    lambda f, x, y: f.huber_loss(x, y, "sum", 0.2),
    lambda f, x, y: f.binary_cross_entropy(x.sigmoid(), share(y)),
    lambda f, x, y: f.binary_cross_entropy(x.sigmoid(), share(y), share(y[0]), reduction="none"),
    lambda f, x, y: f.binary_cross_entropy_with_logits(x, share(y)),
    lambda f, x, y: f.binary_cross_entropy_with_logits(
        x, share(y), share(y[0]), reduction="sum", pos_weight=share(y[1])
    ),
    lambda f, x, y: f.nll_loss(x, classes(y)),
    lambda f, x, y: f.nll_loss(x, classes(y), share(y[0]), ignore_index=1, reduction="sum"),
    lambda f, x, y: f.cross_entropy(x, classes(y)),
    lambda f, x, y: f.cross_entropy(x, share(y), share(y[0]), label_smoothing=0.3),
    lambda f, x, y: f.kl_div(x, share(y), reduction="batchmean"),
    lambda f, x, y: f.kl_div(x, y.detach(), reduction="sum", log_target=True),
    lambda f, x, y: f.poisson_nll_loss(x, share(y)),
    lambda f, x, y: f.poisson_nll_loss(x.exp(), share(y) * 4, False, full=True, eps=0.2),
    lambda f, x, y: f.gaussian_nll_loss(x, y, share(y)),
    lambda f, x, y: f.gaussian_nll_loss(x, y, share(y[:, :1]), True, 0.5, "sum"),
    lambda f, x, y: f.margin_ranking_loss(x, y, sign(y)),
    lambda f, x, y: f.margin_ranking_loss(x, y, sign(y), 0.4, reduction="sum"),
    lambda f, x, y: f.hinge_embedding_loss(x, sign(y)),
    lambda f, x, y: f.hinge_embedding_loss(x, sign(y), margin=0.1),
    lambda f, x, y: f.soft_margin_loss(x, sign(y)),
    lambda f, x, y: f.cosine_embedding_loss(x, y, sign(y[:, 0])),
    lambda f, x, y: f.cosine_embedding_loss(x, y, sign(y[:, 0]), margin=0.2, reduction="none"),
    lambda f, x, y: f.triplet_margin_loss(x, y, y * 2),
    lambda f, x, y: f.triplet_margin_loss(x, y, y * 2, 3.0, 1, 0.1, True, reduction="sum"),
    lambda f, x, y: f.multi_margin_loss(x, classes(y)),
    lambda f, x, y: f.multi_margin_loss(x, classes(y), 2, 0.3, share(y[0]), reduction="none"),
    lambda f, x, y: f.multi_margin_loss(x[0], classes(y)[:1]),
    lambda f, x, y: f.multilabel_margin_loss(x, (y.detach() * 0 + 2).long()),
    lambda f, x, y: f.multilabel_soft_margin_loss(x, share(y)),
    lambda f, x, y: f.multilabel_soft_margin_loss(x, share(y), share(y[0]), reduction="none"),
]  # fmt: skip
