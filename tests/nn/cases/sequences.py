"""The tables of recurrent layers, cells, attention and embeddings: how each is made and called.

``make(nn)`` is written against the API that autodiff and PyTorch share. test_parity_sequences
compares each row with PyTorch; test_tables fails when a layer has no row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["ATTENTION", "CELLS", "EMBEDDINGS", "RECURRENT"]

Make = Callable[[Any], Any]

RECURRENT: list[tuple[Make, tuple[int, ...]]] = [
    (lambda nn: nn.RNN(3, 4), (5, 2, 3)),
    (lambda nn: nn.RNN(3, 4, nonlinearity="relu", bias=False), (5, 2, 3)),
    (lambda nn: nn.RNN(3, 4, 2, batch_first=True, bidirectional=True), (2, 5, 3)),
    (lambda nn: nn.RNN(3, 4), (5, 3)),
    (lambda nn: nn.RNN(3, 4, 1, "relu", False), (1, 2, 3)),
    (lambda nn: nn.LSTM(3, 4), (5, 2, 3)),
    (lambda nn: nn.LSTM(3, 4, num_layers=2, bidirectional=True), (5, 2, 3)),
    (lambda nn: nn.LSTM(3, 4, 2, batch_first=True, dropout=0.5).eval(), (2, 5, 3)),
    (lambda nn: nn.LSTM(3, 4, bidirectional=True), (5, 3)),
    (lambda nn: nn.LSTM(3, 4, 1, False), (1, 2, 3)),
    (lambda nn: nn.GRU(3, 4, 2), (5, 2, 3)),
    (lambda nn: nn.GRU(3, 4, bias=False, batch_first=True, bidirectional=True), (2, 5, 3)),
    (lambda nn: nn.GRU(3, 4, 2, batch_first=True), (5, 3)),
]
"""The layer, of hidden size 4, and the shape of its input."""

CELLS: list[Make] = [
    lambda nn: nn.RNNCell(3, 4),
    lambda nn: nn.RNNCell(3, 4, bias=False, nonlinearity="relu"),
    lambda nn: nn.LSTMCell(3, 4),
    lambda nn: nn.LSTMCell(3, 4, False),
    lambda nn: nn.GRUCell(3, 4),
    lambda nn: nn.GRUCell(3, 4, bias=False),
]
"""The cell, of input size 3."""

ATTENTION: list[tuple[Make, dict[str, Any]]] = [
    (lambda nn: nn.MultiheadAttention(6, 2), {}),
    (lambda nn: nn.MultiheadAttention(6, 2, batch_first=True), {"average_attn_weights": False}),
    (lambda nn: nn.MultiheadAttention(6, 2, bias=False), {"need_weights": False}),
    (lambda nn: nn.MultiheadAttention(6, 2, kdim=5, vdim=3), {}),
    (lambda nn: nn.MultiheadAttention(6, 2), {"mask": "float"}),
    (lambda nn: nn.MultiheadAttention(6, 2), {"mask": "bool", "padding": True}),
    (lambda nn: nn.MultiheadAttention(6, 2, dropout=0.3), {"mask": "heads"}),
]
"""The layer, of 6 features and 2 heads, and how it is called."""

EMBEDDINGS: list[Make] = [
    lambda nn: nn.Embedding(6, 3),
    lambda nn: nn.Embedding(6, 3, padding_idx=2),
    lambda nn: nn.Embedding(6, 3, padding_idx=-1, max_norm=1.0),
    lambda nn: nn.Embedding(6, 3, max_norm=0.5, norm_type=1.0),
]
"""The table, of 6 rows of 3."""
