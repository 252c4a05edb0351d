"""Attention as a function.

Source: Vaswani et al., "Attention is all you need" (2017).
"""

from __future__ import annotations

import math

from autodiff.creation import ones
from autodiff.dtypes import bool_
from autodiff.nn.functional.dropout import dropout
from autodiff.ops.loss import softmax
from autodiff.tensor import Tensor

__all__ = ["scaled_dot_product_attention"]


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
) -> Tensor:
    """``softmax(query @ key.T * scale + mask) @ value``: values weighted by how well keys fit.

    Args:
        query: shape (..., L, E).
        key, value: shapes (..., S, E) and (..., S, V).
        attn_mask: broadcasts to (..., L, S); False, or -inf, where nothing may be taken from.
        dropout_p: how much of the weights is dropped.
        is_causal: take from the same and from earlier places only.
        scale: 1 / sqrt(E) by default.

    >>> import autodiff as ad
    >>> x = ad.tensor([[2.0], [4.0]])
    >>> attend = ad.nn.functional.scaled_dot_product_attention
    >>> attend(ad.zeros(2, 1), x, x)  # both keys fit alike: the mean of the values
    tensor([[3.],
            [3.]])
    >>> attend(ad.zeros(2, 1), x, x, is_causal=True)
    tensor([[2.],
            [3.]])
    """
    weights = attention_weights(query, key, attn_mask, is_causal, scale)
    return dropout(weights, dropout_p) @ value


def attention_weights(
    query: Tensor,
    key: Tensor,
    attn_mask: Tensor | None = None,
    is_causal: bool = False,
    scale: float | None = None,
) -> Tensor:
    """How much each query takes from each key: positive numbers that sum to 1."""
    factor = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = (query * factor) @ key.transpose(-2, -1)
    if is_causal:
        allowed = ones(query.shape[-2], key.shape[-2], dtype=bool_).tril()
        scores = scores.masked_fill(allowed.logical_not(), -math.inf)
    if attn_mask is not None:
        if attn_mask.dtype is bool_:
            scores = scores.masked_fill(attn_mask.logical_not(), -math.inf)
        else:
            scores = scores + attn_mask
    return softmax(scores, -1)
