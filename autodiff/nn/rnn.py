"""Recurrent layers: the same cell applied step after step, handing on its state.

Sources: Elman, "Finding structure in time" (1990); Hochreiter & Schmidhuber, "Long short-term
memory" (1997); Cho et al., "Learning phrase representations using RNN encoder-decoder" (2014).
"""

from __future__ import annotations

import math
import warnings
from operator import itemgetter
from typing import Any

from autodiff.creation import empty, zeros
from autodiff.nn import functional, init
from autodiff.nn.module import Module
from autodiff.nn.parameter import Parameter
from autodiff.public import FUNCTIONS
from autodiff.tensor import Tensor

__all__ = ["GRU", "GRUCell", "LSTM", "LSTMCell", "RNN", "RNNCell"]

_cat, _stack = FUNCTIONS["cat"], FUNCTIONS["stack"]

State = Any
"""The state of a cell: a tensor or, of an LSTM, a pair of tensors."""


# -- one step ----------------------------------------------------------------------------------
# Each takes the part of the gates that comes from the input, which is the same for all steps and
# computed for all of them at once, and the state before.


def _rnn_step(gates: Tensor, state: Tensor, w: Tensor, b: Tensor | None, bend: Any) -> Tensor:
    return bend(gates + functional.linear(state, w, b))


def _lstm_step(gates: Tensor, state: State, w: Tensor, b: Tensor | None) -> State:
    h, c = state
    i, f, g, o = (gates + functional.linear(h, w, b)).chunk(4, -1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def _gru_step(gates: Tensor, state: Tensor, w: Tensor, b: Tensor | None) -> Tensor:
    from_x = gates.chunk(3, -1)
    from_h = functional.linear(state, w, b).chunk(3, -1)
    reset = (from_x[0] + from_h[0]).sigmoid()
    update = (from_x[1] + from_h[1]).sigmoid()
    new = (from_x[2] + reset * from_h[2]).tanh()
    return (1 - update) * new + update * state


class _Recurrent(Module):
    """What recurrent layers and cells have in common: weights, and one step with them."""

    gates: int

    def _step(self, gates: Tensor, state: State, w: Tensor, b: Tensor | None) -> State:
        raise NotImplementedError

    def _start(self, x: Tensor, shape: tuple[int, ...]) -> State:
        """The state before the first step: zeros."""
        return zeros(*shape, dtype=x.dtype, device=x.device)

    def _add_weights(self, suffix: str, inputs: int, bias: bool, dtype: Any) -> None:
        """Register the weights of one layer and direction, under PyTorch's names."""
        rows = self.gates * self.hidden_size
        shapes: dict[str, tuple[int, ...]] = {
            "weight_ih": (rows, inputs),
            "weight_hh": (rows, self.hidden_size),
        }
        if bias:
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        for name, shape in shapes.items():
            self.register_parameter(f"{name}{suffix}", Parameter(empty(*shape, dtype=dtype)))

    def reset_parameters(self) -> None:
        """Start again from random weights."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size else 0
        for parameter in self.parameters():
            init.uniform_(parameter, -bound, bound)


# -- cells ---------------------------------------------------------------------------------------


class _Cell(_Recurrent):
    def __init__(self, input_size: int, hidden_size: int, bias: bool, dtype: Any) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        self._add_weights("", input_size, bias, dtype)
        if not bias:
            self.register_parameter("bias_ih", None)
            self.register_parameter("bias_hh", None)
        self.reset_parameters()

    def forward(self, x: Tensor, state: State = None) -> State:
        if x.ndim not in (1, 2):
            raise ValueError(
                f"{type(self).__name__}: Expected input to be 1D or 2D, got {x.ndim}D instead"
            )
        if state is None:
            state = self._start(x, (*x.shape[:-1], self.hidden_size))
        gates = functional.linear(x, self.weight_ih, self.bias_ih)
        return self._step(gates, state, self.weight_hh, self.bias_hh)

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        return text if self.bias else f"{text}, bias={self.bias}"


class RNNCell(_Cell):
    """One step of an `RNN`: ``tanh(W_ih x + b_ih + W_hh h + b_hh)``.

    Input (N, input_size) or (input_size,), state and output alike with hidden_size.

    >>> import autodiff as ad
    >>> ad.nn.RNNCell(3, 5)(ad.zeros(2, 3)).shape
    autodiff.Size([2, 5])
    """

    gates = 1

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh",
        dtype: Any = None,
    ) -> None:  # fmt: skip
        self.__dict__["nonlinearity"] = nonlinearity
        super().__init__(input_size, hidden_size, bias, dtype)

    def _step(self, gates: Tensor, state: State, w: Tensor, b: Tensor | None) -> State:
        return _rnn_step(gates, state, w, b, getattr(functional, self.nonlinearity))

    def extra_repr(self) -> str:
        text = super().extra_repr()
        return text if self.nonlinearity == "tanh" else f"{text}, nonlinearity={self.nonlinearity}"


class LSTMCell(_Cell):
    """One step of an `LSTM`; the state is the pair (h, c).

    Input (N, input_size) or (input_size,), h and c alike with hidden_size.

    >>> import autodiff as ad
    >>> h, c = ad.nn.LSTMCell(3, 5)(ad.zeros(2, 3))
    >>> h.shape, c.shape
    (autodiff.Size([2, 5]), autodiff.Size([2, 5]))
    """

    gates = 4

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, dtype: Any = None
    ) -> None:
        super().__init__(input_size, hidden_size, bias, dtype)

    def _step(self, gates: Tensor, state: State, w: Tensor, b: Tensor | None) -> State:
        return _lstm_step(gates, state, w, b)

    def _start(self, x: Tensor, shape: tuple[int, ...]) -> State:
        return super()._start(x, shape), super()._start(x, shape)


class GRUCell(_Cell):
    """One step of a `GRU`.

    Input (N, input_size) or (input_size,), state and output alike with hidden_size.

    >>> import autodiff as ad
    >>> ad.nn.GRUCell(3, 5)(ad.zeros(2, 3)).shape
    autodiff.Size([2, 5])
    """

    gates = 3

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, dtype: Any = None
    ) -> None:
        super().__init__(input_size, hidden_size, bias, dtype)

    def _step(self, gates: Tensor, state: State, w: Tensor, b: Tensor | None) -> State:
        return _gru_step(gates, state, w, b)


# -- layers --------------------------------------------------------------------------------------


class _Layers(_Recurrent):
    """Cells run over sequences, in layers, in one direction or both."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, float(dropout)
        self.bidirectional = bidirectional
        if dropout and num_layers == 1:
            warnings.warn(
                "dropout option adds dropout after all but last recurrent layer, so non-zero "
                f"dropout expects num_layers greater than 1, but got dropout={dropout} and "
                f"num_layers={num_layers}",
                stacklevel=3,
            )
        directions = 2 if bidirectional else 1
        for layer in range(num_layers):
            inputs = input_size if layer == 0 else hidden_size * directions
            for suffix in self._suffixes(layer):
                self._add_weights(suffix, inputs, bias, dtype)
        self.reset_parameters()

    def _suffixes(self, layer: int) -> list[str]:
        return [f"_l{layer}", f"_l{layer}_reverse"][: 2 if self.bidirectional else 1]

    def forward(self, x: Tensor, state: State = None) -> tuple[Tensor, State]:
        """Run over a sequence.

        Args:
            x: shape (L, N, input_size), or (N, L, input_size) with ``batch_first``, or
                (L, input_size).
            state: the state to start with, shape (layers * directions, N, hidden_size); zeros by
                default.

        Returns:
            The output of the last layer at each step, and the last state of each layer.

        Raises:
            ValueError: another number of dimensions.
            RuntimeError: another input size.
        """
        name = type(self).__name__
        if x.ndim not in (2, 3):
            raise ValueError(f"{name}: Expected input to be 2D or 3D, got {x.ndim}D instead")
        if x.shape[-1] != self.input_size:
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got "
                f"{x.shape[-1]}"
            )
        if x.ndim == 2:
            lone = None if state is None else self._map(state, lambda s: s.unsqueeze(1))
            out, last = self.forward(x.unsqueeze(0 if self.batch_first else 1), lone)
            return out.squeeze(0 if self.batch_first else 1), self._map(
                last, lambda s: s.squeeze(1)
            )
        steps = x.transpose(0, 1) if self.batch_first else x
        count = self.num_layers * (2 if self.bidirectional else 1)
        if state is None:
            state = self._start(x, (count, steps.shape[1], self.hidden_size))
        out = steps
        last_states: list[State] = []
        for layer in range(self.num_layers):
            if layer and self.dropout:
                out = functional.dropout(out, self.dropout, self.training)
            ways = []
            for way, suffix in enumerate(self._suffixes(layer)):
                first = self._map(state, itemgetter(len(last_states)))
                results, last = self._run(out, first, suffix, reverse=way == 1)
                ways.append(results)
                last_states.append(last)
            out = ways[0] if len(ways) == 1 else _cat(ways, -1)
        return (out.transpose(0, 1) if self.batch_first else out), self._stacked(last_states)

    def _run(self, x: Tensor, state: State, suffix: str, reverse: bool) -> tuple[Tensor, State]:
        """One layer in one direction over all steps."""
        parameters = [
            self._parameters.get(f"{name}{suffix}")
            for name in ("weight_ih", "bias_ih", "weight_hh", "bias_hh")
        ]
        gates = functional.linear(x, *parameters[:2])
        results = []
        order = range(x.shape[0])
        for t in reversed(order) if reverse else order:
            state = self._step(gates[t], state, *parameters[2:])
            results.append(self._output(state))
        return _stack(results[::-1] if reverse else results, 0), state

    @staticmethod
    def _output(state: State) -> Tensor:
        """What a state shows to the outside."""
        return state

    @staticmethod
    def _map(state: State, f: Any) -> State:
        return f(state)

    @staticmethod
    def _stacked(states: list[State]) -> State:
        return _stack(states, 0)

    def flatten_parameters(self) -> None:
        """Does nothing: it is for GPUs in PyTorch."""

    def extra_repr(self) -> str:
        parts = [f"{self.input_size}, {self.hidden_size}"]
        if self.num_layers != 1:
            parts.append(f"num_layers={self.num_layers}")
        if not self.bias:
            parts.append(f"bias={self.bias}")
        if self.batch_first:
            parts.append(f"batch_first={self.batch_first}")
        if self.dropout:
            parts.append(f"dropout={self.dropout}")
        if self.bidirectional:
            parts.append(f"bidirectional={self.bidirectional}")
        return ", ".join(parts)


class RNN(_Layers):
    """Steps ``h = tanh(W_ih x + b_ih + W_hh h + b_hh)`` over a sequence.

    >>> import autodiff as ad
    >>> out, h = ad.nn.RNN(3, 5, batch_first=True)(ad.zeros(2, 7, 3))
    >>> out.shape, h.shape
    (autodiff.Size([2, 7, 5]), autodiff.Size([1, 2, 5]))
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: Any = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(
                f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'."
            )
        self.__dict__["nonlinearity"] = nonlinearity
        super().__init__(
            input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, dtype
        )

    def _step(self, gates: Tensor, state: State, w: Tensor, b: Tensor | None) -> State:
        return _rnn_step(gates, state, w, b, getattr(functional, self.nonlinearity))


class LSTM(_Layers):
    """Long short-term memory: gates decide what a cell forgets, takes in and shows.

    The state is the pair (h, c).

    >>> import autodiff as ad
    >>> out, (h, c) = ad.nn.LSTM(3, 5, batch_first=True)(ad.zeros(2, 7, 3))
    >>> out.shape, h.shape, c.shape
    (autodiff.Size([2, 7, 5]), autodiff.Size([1, 2, 5]), autodiff.Size([1, 2, 5]))
    """

    gates = 4

    def _step(self, gates: Tensor, state: State, w: Tensor, b: Tensor | None) -> State:
        return _lstm_step(gates, state, w, b)

    def _start(self, x: Tensor, shape: tuple[int, ...]) -> State:
        return super()._start(x, shape), super()._start(x, shape)

    @staticmethod
    def _output(state: State) -> Tensor:
        return state[0]

    @staticmethod
    def _map(state: State, f: Any) -> State:
        return f(state[0]), f(state[1])

    @staticmethod
    def _stacked(states: list[State]) -> State:
        return _stack([h for h, _ in states], 0), _stack([c for _, c in states], 0)


class GRU(_Layers):
    """Gated recurrent units: a simpler LSTM without a memory of its own.

    >>> import autodiff as ad
    >>> out, h = ad.nn.GRU(3, 5, batch_first=True)(ad.zeros(2, 7, 3))
    >>> out.shape, h.shape
    (autodiff.Size([2, 7, 5]), autodiff.Size([1, 2, 5]))
    """

    gates = 3

    def _step(self, gates: Tensor, state: State, w: Tensor, b: Tensor | None) -> State:
        return _gru_step(gates, state, w, b)
