"""Attention as a layer."""

from __future__ import annotations

import math
from typing import Any

from autodiff import errors
from autodiff.creation import empty
from autodiff.dtypes import bool_
from autodiff.nn import functional, init
from autodiff.nn.functional.attention import attention_weights
from autodiff.nn.linear import Linear
from autodiff.nn.module import Module
from autodiff.nn.parameter import Parameter
from autodiff.tensor import Tensor

__all__ = ["MultiheadAttention"]


class MultiheadAttention(Module):
    """Several attentions side by side, each on its own projection of queries, keys and values.

    Inputs (L, N, embed_dim), or (N, L, embed_dim) with ``batch_first``, or (L, embed_dim).

    Source: Vaswani et al., "Attention is all you need" (2017).

    Raises:
        AssertionError: ``embed_dim`` cannot be divided among the heads.

    >>> import autodiff as ad
    >>> layer = ad.nn.MultiheadAttention(8, 2, batch_first=True)
    >>> x = ad.zeros(3, 5, 8)
    >>> out, weights = layer(x, x, x)
    >>> out.shape, weights.shape
    (autodiff.Size([3, 5, 8]), autodiff.Size([3, 5, 5]))
    """

    def __init__(
        self, embed_dim: int, num_heads: int, dropout: float = 0.0, bias: bool = True,
        kdim: int | None = None, vdim: int | None = None, batch_first: bool = False,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        if embed_dim % num_heads:
            raise AssertionError("embed_dim must be divisible by num_heads")
        self.embed_dim, self.num_heads, self.dropout = embed_dim, num_heads, dropout
        self.kdim, self.vdim = kdim or embed_dim, vdim or embed_dim
        self.batch_first, self.head_dim = batch_first, embed_dim // num_heads
        same = self.kdim == embed_dim and self.vdim == embed_dim
        shapes = {
            "in_proj_weight": (3 * embed_dim, embed_dim) if same else None,
            "q_proj_weight": None if same else (embed_dim, embed_dim),
            "k_proj_weight": None if same else (embed_dim, self.kdim),
            "v_proj_weight": None if same else (embed_dim, self.vdim),
        }
        order = ("q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_weight")
        for name in order:
            shape = shapes[name]
            self.register_parameter(
                name, None if shape is None else Parameter(empty(*shape, dtype=dtype))
            )
        self.register_parameter(
            "in_proj_bias", Parameter(empty(3 * embed_dim, dtype=dtype)) if bias else None
        )
        self.out_proj = Linear(embed_dim, embed_dim, bias, dtype=dtype)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Start again from random weights."""
        for parameter in self._parameters.values():
            if parameter is not None and parameter.ndim > 1:
                init.xavier_uniform_(parameter)
        if self.in_proj_bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Attend.

        Args:
            query, key, value: see the class.
            key_padding_mask: shape (N, S), True for keys that do not count.
            need_weights: give back the weights too.
            attn_mask: shape (L, S) or (N * heads, L, S): True, or -inf, where nothing is taken.
            average_attn_weights: of all heads, instead of those of each.
            is_causal: ``attn_mask`` is the mask of earlier places; it still has to be given.

        Raises:
            AssertionError: the query has another number of dimensions than 2 or 3.
        """
        if query.ndim not in (2, 3):
            raise errors.nn.attention_dimensions(query.ndim)
        if query.ndim == 2:
            padding = None if key_padding_mask is None else key_padding_mask.unsqueeze(0)
            axis = 0 if self.batch_first else 1
            out, weights = self.forward(
                query.unsqueeze(axis), key.unsqueeze(axis), value.unsqueeze(axis), padding,
                need_weights, attn_mask, average_attn_weights,
            )  # fmt: skip
            return out.squeeze(axis), None if weights is None else weights.squeeze(0)
        if not self.batch_first:
            query, key, value = (x.transpose(0, 1) for x in (query, key, value))
        q, k, v = (self._heads(x) for x in self._projected(query, key, value))
        weights = attention_weights(q, k, self._mask(attn_mask, key_padding_mask, q, k))
        weights = functional.dropout(weights, self.dropout, self.training)
        merged = (weights @ v).transpose(1, 2).reshape(*query.shape[:2], self.embed_dim)
        out = self.out_proj(merged)
        if not self.batch_first:
            out = out.transpose(0, 1)
        if not need_weights:
            return out, None
        return out, weights.mean(1) if average_attn_weights else weights

    def _projected(self, query: Tensor, key: Tensor, value: Tensor) -> list[Tensor]:
        if self.in_proj_weight is not None:
            weights = self.in_proj_weight.chunk(3)
        else:
            weights = (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
        biases = (None,) * 3 if self.in_proj_bias is None else self.in_proj_bias.chunk(3)
        inputs = (query, key, value)
        return [functional.linear(x, w, b) for x, w, b in zip(inputs, weights, biases, strict=True)]

    def _heads(self, x: Tensor) -> Tensor:
        """(N, L, embed_dim) -> (N, heads, L, head_dim)."""
        return x.reshape(x.shape[0], x.shape[1], self.num_heads, self.head_dim).transpose(1, 2)

    def _mask(
        self, attn_mask: Tensor | None, padding: Tensor | None, q: Tensor, k: Tensor
    ) -> Tensor | None:
        """Both masks as numbers to add to the scores."""
        total = None
        if attn_mask is not None:
            mask = _additive(attn_mask, q)
            if mask.ndim == 3:
                mask = mask.reshape(q.shape[0], self.num_heads, *mask.shape[1:])
            total = mask
        if padding is not None:
            mask = _additive(padding, q).reshape(k.shape[0], 1, 1, k.shape[2])
            total = mask if total is None else total + mask
        return total

    def extra_repr(self) -> str:
        return ""


def _additive(mask: Tensor, like: Tensor) -> Tensor:
    if mask.dtype is bool_:
        return mask.to(like.dtype).masked_fill(mask, -math.inf)
    return mask
