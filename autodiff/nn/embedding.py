"""Embedding: a learned row for each number."""

from __future__ import annotations

from typing import Any

from autodiff.creation import empty
from autodiff.grad_mode import no_grad
from autodiff.nn import functional, init
from autodiff.nn.module import Module
from autodiff.nn.parameter import Parameter
from autodiff.tensor import Tensor

__all__ = ["Embedding"]


class Embedding(Module):
    """A table of learned vectors, looked up by number.

    Input: integers of any shape; output: that shape and ``embedding_dim``.

    Args:
        num_embeddings: how many rows the table has.
        embedding_dim: how long each row is.
        padding_idx: a row of zeros that is not learned.
        max_norm: rows that are used and longer than this are shortened to it.
        norm_type: the norm that ``max_norm`` means.

    >>> import autodiff as ad
    >>> ad.nn.Embedding(10, 3)(ad.tensor([[1, 2], [4, 5]])).shape
    autodiff.Size([2, 2, 3])
    """

    def __init__(
        self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None,
        max_norm: float | None = None, norm_type: float = 2.0, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise AssertionError("Padding_idx must be within num_embeddings")
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.max_norm, self.norm_type = max_norm, norm_type
        self.weight = Parameter(empty(num_embeddings, embedding_dim, dtype=dtype))
        self.reset_parameters()

    @classmethod
    def from_pretrained(
        cls, embeddings: Tensor, freeze: bool = True, padding_idx: int | None = None
    ) -> Embedding:
        """A table with the given rows, which are not learned unless ``freeze`` is False.

        >>> import autodiff as ad
        >>> rows = ad.tensor([[0.0, 1.0], [10.0, 11.0]])
        >>> ad.nn.Embedding.from_pretrained(rows)(ad.tensor([1]))
        tensor([[10., 11.]])
        """
        rows, columns = embeddings.shape
        table = cls(rows, columns, padding_idx, dtype=embeddings.dtype)
        with no_grad():
            table.weight.copy_(embeddings)
        table.weight.requires_grad_(not freeze)
        return table

    def reset_parameters(self) -> None:
        """Start again from random rows."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            with no_grad():
                self.weight[self.padding_idx].fill_(0)

    def forward(self, x: Tensor) -> Tensor:
        return functional.embedding(x, self.weight, self.padding_idx, self.max_norm, self.norm_type)

    def extra_repr(self) -> str:
        parts = [f"{self.num_embeddings}, {self.embedding_dim}"]
        if self.padding_idx is not None:
            parts.append(f"padding_idx={self.padding_idx}")
        if self.max_norm is not None:
            parts.append(f"max_norm={self.max_norm}")
        if self.norm_type != 2:
            parts.append(f"norm_type={self.norm_type}")
        return ", ".join(parts)
