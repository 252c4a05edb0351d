"""The table of op cases: what every test of an op is generated from.

A case says how to call one op, on what inputs, and what NumPy gives for it. ``call(m, *xs)`` is
written against the API that autodiff and PyTorch share, with ``m`` the one or the other; ops
without a public function call the op itself, and say in ``torch`` how PyTorch computes the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff.backends import reference
from autodiff.backends.window import Window
from autodiff.op import OPS

__all__ = ["CASES", "Case"]


@dataclass(frozen=True)
class Case:
    """One way to use one op.

    ``shapes``: the shapes of the inputs. ``low``, ``high``: the range of their elements, which all
    different, so that finite differences see no kink. ``ints``: whether integers make sense too.
    ``exact``: whether the op keeps the digits that finite differences need.
    """

    op: str
    call: Callable[..., Any]
    oracle: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...]
    low: float = -2.0
    high: float = 2.0
    torch: Callable[..., Any] | None = None
    ints: bool = False
    note: str = ""
    exact: bool = True

    @property
    def id(self) -> str:
        shapes = "-".join("x".join(map(str, shape)) or "scalar" for shape in self.shapes)
        return f"{self.op}-{shapes}" + (f"-{self.note}" if self.note else "")

    def inputs(self, dtype: str) -> list[np.ndarray]:
        """The same inputs each time: distinct elements, shuffled, in the range."""
        rng = np.random.default_rng(7)
        total = sum(int(np.prod(shape)) for shape in self.shapes)
        spread = np.linspace(self.low, self.high, total + 2)[1:-1]
        spread = rng.permutation(np.where(np.abs(spread) < 0.03, 0.05, spread))
        arrays, start = [], 0
        for shape in self.shapes:
            size = int(np.prod(shape))
            values = spread[start : start + size].reshape(shape)
            arrays.append(
                np.round(values * 4).astype(dtype) if "int" in dtype else values.astype(dtype)
            )
            start += size
        return arrays


PAIR_SHAPES = [
    ((3, 4), (3, 4)),
    ((3, 4), (4,)),
    ((2, 1, 3), (4, 1)),
    ((), (3,)),
    ((), ()),
    ((0, 3), (3,)),
]
ONE_SHAPES = [((3, 4),), ((),), ((0,),)]
WINDOW = Window.of((2, 3), stride=(1, 2), padding=(0, 1))


def _unary(
    op: str, call: Any, oracle: Any, low: float = -2, high: float = 2, **more: Any
) -> list[Case]:
    return [Case(op, call, oracle, shapes, low, high, **more) for shapes in ONE_SHAPES]


def _binary(
    op: str, call: Any, oracle: Any, low: float = -2, high: float = 2, **more: Any
) -> list[Case]:
    return [Case(op, call, oracle, shapes, low, high, **more) for shapes in PAIR_SHAPES]


def _softmax(x: np.ndarray, axis: int) -> np.ndarray:
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def _sum_to_row(x: np.ndarray) -> np.ndarray:
    return x.sum(0, keepdims=True)


def _index_add(x: np.ndarray) -> np.ndarray:
    out = np.zeros((4, 3), x.dtype)
    for row, target in zip(x, [2, 0, 2], strict=True):
        out[target] += row
    return out


def _scatter(x: np.ndarray) -> np.ndarray:
    out = np.zeros((2, 5), x.dtype)
    for i, j in np.ndindex(*x.shape):
        out[i, INDEX[i, j]] += x[i, j]
    return out


INDEX = np.array([[0, 4, 4], [2, 1, 0]])
LABELS = np.array([2, 0, 1])
MASK = np.array([[True, False, True], [False, True, True]])


def _array(m: Any, a: np.ndarray) -> Any:
    return m.tensor(a.tolist())


CASES: list[Case] = [
    *_binary("Add", lambda m, x, y: x + y, lambda x, y: x + y, ints=True),
    *_binary("Sub", lambda m, x, y: x - y, lambda x, y: x - y, ints=True),
    *_binary("Mul", lambda m, x, y: x * y, lambda x, y: x * y, ints=True),
    *_binary("Div", lambda m, x, y: x / y, lambda x, y: x / y, 0.5, 3),
    *_binary("Pow", lambda m, x, y: x**y, lambda x, y: x**y, 0.5, 3),
    *_unary("Pow", lambda m, x: x**3, lambda x: x**3, note="cubed", ints=True),
    *_unary("Pow", lambda m, x: 2.0**x, lambda x: 2.0**x, note="base"),
    *_binary("Maximum", lambda m, x, y: m.maximum(x, y), np.maximum, ints=True),
    *_binary("Minimum", lambda m, x, y: m.minimum(x, y), np.minimum, ints=True),
    *_unary("Neg", lambda m, x: -x, lambda x: -x, ints=True),
    *_unary("Abs", lambda m, x: x.abs(), np.abs, ints=True),
    *_unary("Sign", lambda m, x: x.sign(), np.sign, ints=True),
    *_unary("Square", lambda m, x: x.square(), np.square, ints=True),
    *_unary("Reciprocal", lambda m, x: x.reciprocal(), lambda x: 1 / x, 0.5, 3),
    *_unary("Sqrt", lambda m, x: x.sqrt(), np.sqrt, 0.5, 3),
    *_unary("Exp", lambda m, x: x.exp(), np.exp),
    *_unary("Expm1", lambda m, x: x.expm1(), np.expm1),
    *_unary("Log", lambda m, x: x.log(), np.log, 0.5, 3),
    *_unary("Log1p", lambda m, x: x.log1p(), np.log1p, -0.5, 3),
    *_unary("Sin", lambda m, x: x.sin(), np.sin),
    *_unary("Cos", lambda m, x: x.cos(), np.cos),
    *_unary("Tan", lambda m, x: x.tan(), np.tan, -1, 1),
    *_unary("Tanh", lambda m, x: x.tanh(), np.tanh),
    *_unary("Sigmoid", lambda m, x: x.sigmoid(), lambda x: 1 / (1 + np.exp(-x))),
    *_unary("Relu", lambda m, x: x.relu(), lambda x: np.maximum(x, 0), ints=True),
    *_unary("Clamp", lambda m, x: x.clamp(min=-1, max=0.5), lambda x: np.clip(x, -1, 0.5)),
    Case(
        "Clamp",
        lambda m, x: x.clamp(min=0.1),
        lambda x: np.maximum(x, np.array(0.1, x.dtype)),
        ((5,),),
        note="min",
    ),
    Case(
        "Where",
        lambda m, x, y: m.where(_array(m, MASK), x, y),
        lambda x, y: np.where(MASK, x, y),
        ((2, 3), (3,)),
    ),
    *_binary("Eq", lambda m, x, y: x == y, lambda x, y: x == y, ints=True),
    *_binary("Ne", lambda m, x, y: x != y, lambda x, y: x != y, ints=True),
    *_binary("Lt", lambda m, x, y: x < y, lambda x, y: x < y, ints=True),
    *_binary("Le", lambda m, x, y: x <= y, lambda x, y: x <= y, ints=True),
    *_binary("Gt", lambda m, x, y: x > y, lambda x, y: x > y, ints=True),
    *_binary("Ge", lambda m, x, y: x >= y, lambda x, y: x >= y, ints=True),
    *_binary("LogicalAnd", lambda m, x, y: m.logical_and(x, y), np.logical_and, ints=True),
    *_binary(
        "BitwiseAnd", lambda m, x, y: (x > 0) & (y > 0), lambda x, y: (x > 0) & (y > 0), ints=True
    ),
    *_binary(
        "BitwiseOr", lambda m, x, y: (x > 0) | (y > 0), lambda x, y: (x > 0) | (y > 0), ints=True
    ),
    *_unary("BitwiseNot", lambda m, x: ~(x > 0), lambda x: ~(x > 0), ints=True),
    Case("Sum", lambda m, x: x.sum(), np.sum, ((3, 4),), ints=True),
    Case("Sum", lambda m, x: x.sum(), np.sum, ((0, 4),), note="empty"),
    Case("Sum", lambda m, x: x.sum(-1), lambda x: x.sum(-1), ((2, 3, 4),), ints=True, note="last"),
    Case(
        "Sum",
        lambda m, x: x.sum((0, 2), keepdim=True),
        lambda x: x.sum((0, 2), keepdims=True),
        ((2, 3, 4),),
        note="keepdim",
    ),
    Case("Mean", lambda m, x: x.mean(), np.mean, ((3, 4),)),
    Case(
        "Mean", lambda m, x: x.mean((0, -1)), lambda x: x.mean((0, -1)), ((2, 3, 4),), note="dims"
    ),
    Case("Amax", lambda m, x: x.amax(1), lambda x: x.max(1), ((3, 4),)),
    Case("Amax", lambda m, x: x.max(), np.max, ((3, 4),), note="all"),
    Case(
        "Amin",
        lambda m, x: x.amin((0, 1), keepdim=True),
        lambda x: x.min((0, 1), keepdims=True),
        ((3, 4),),
    ),
    Case("Max", lambda m, x: x.max(1).values, lambda x: x.max(1), ((3, 4),)),
    Case(
        "Max",
        lambda m, x: x.max(-2, keepdim=True)[0],
        lambda x: x.max(-2, keepdims=True),
        ((3, 4),),
        note="keepdim",
    ),
    Case("Min", lambda m, x: x.min(0).values, lambda x: x.min(0), ((3, 4),)),
    Case("Argmax", lambda m, x: x.argmax(1), lambda x: x.argmax(1), ((3, 4),)),
    Case("Argmin", lambda m, x: x.argmin(), lambda x: x.argmin(), ((3, 4),)),
    Case("Matmul", lambda m, x, y: x @ y, lambda x, y: x @ y, ((3, 4), (4, 2))),
    Case("Matmul", lambda m, x, y: x @ y, lambda x, y: x @ y, ((4,), (4,)), note="vectors"),
    Case("Matmul", lambda m, x, y: x @ y, lambda x, y: x @ y, ((2, 3, 4), (4,)), note="stack"),
    Case(
        "Matmul", lambda m, x, y: x @ y, lambda x, y: x @ y, ((2, 1, 3, 4), (3, 4, 2)), note="batch"
    ),
    Case(
        "Linear",
        lambda m, x, w, b: m.nn.functional.linear(x, w, b),
        lambda x, w, b: x @ w.T + b,
        ((2, 3, 4), (5, 4), (5,)),
    ),
    Case(
        "Linear",
        lambda m, x, w: m.nn.functional.linear(x, w),
        lambda x, w: x @ w.T,
        ((3, 4), (5, 4)),
        note="nobias",
    ),
    Case(
        "Reshape", lambda m, x: x.reshape(2, -1), lambda x: x.reshape(2, -1), ((3, 4),), ints=True
    ),
    Case(
        "Reshape",
        lambda m, x: x.flatten(1).unsqueeze(0),
        lambda x: x.reshape(1, 2, -1),
        ((2, 3, 2),),
        note="flatten",
    ),
    Case(
        "Permute",
        lambda m, x: x.permute(2, 0, 1),
        lambda x: x.transpose(2, 0, 1),
        ((2, 3, 4),),
        ints=True,
    ),
    Case("Permute", lambda m, x: x.T, lambda x: x.T, ((3, 4),), note="T"),
    Case(
        "Expand",
        lambda m, x: x.expand(2, 3, 4),
        lambda x: np.broadcast_to(x, (2, 3, 4)),
        ((3, 1),),
        ints=True,
    ),
    Case(
        "Expand", lambda m, x: x.expand(3), lambda x: np.broadcast_to(x, (3,)), ((),), note="scalar"
    ),
    Case(
        "SumTo",
        lambda m, x: OPS["SumTo"].apply(x, shape=(1, 4)),
        _sum_to_row,
        ((3, 4),),
        torch=lambda m, x: x.sum(0, keepdim=True),
    ),
    Case(
        "Cast",
        lambda m, x: x.to(m.float32),
        lambda x: x.astype(np.float32),
        ((3,),),
        ints=True,
        exact=False,
    ),
    Case("Clone", lambda m, x: x.clone(), np.copy, ((3, 4),), ints=True),
    Case(
        "Cat",
        lambda m, x, y: m.cat([x, y], -1),
        lambda x, y: np.concatenate([x, y], -1),
        ((2, 3), (2, 1)),
        ints=True,
    ),
    Case(
        "Cat",
        lambda m, x, y: m.stack([x, y, x], 1),
        lambda x, y: np.stack([x, y, x], 1),
        ((2, 3), (2, 3)),
        note="stack",
    ),
    Case("Index", lambda m, x: x[1:, ::2], lambda x: x[1:, ::2], ((3, 4),), ints=True),
    Case("Index", lambda m, x: x[-1], lambda x: x[-1], ((3, 4),), note="row"),
    Case(
        "Index", lambda m, x: x[..., None, 0], lambda x: x[..., None, 0], ((3, 4),), note="newdim"
    ),
    Case("Index", lambda m, x: x[[2, 0, 2]], lambda x: x[[2, 0, 2]], ((3, 4),), note="repeats"),
    Case("Index", lambda m, x: x[_array(m, MASK)], lambda x: x[MASK], ((2, 3),), note="mask"),
    Case(
        "IndexAdd",
        lambda m, x: OPS["IndexAdd"].apply(x, key=np.array([2, 0, 2]), shape=(4, 3)),
        _index_add,
        ((3, 3),),
        torch=lambda m, x: m.zeros(4, 3, dtype=x.dtype).index_add(0, m.tensor([2, 0, 2]), x),
    ),
    Case(
        "GatherAlong",
        lambda m, x: x.gather(1, _array(m, INDEX)),
        lambda x: np.take_along_axis(x[:2], INDEX, 1),
        ((3, 5),),
    ),
    Case(
        "ScatterAlong",
        lambda m, x: OPS["ScatterAlong"].apply(x, index=INDEX, dim=1, size=5),
        _scatter,
        ((2, 3),),
        torch=lambda m, x: m.zeros(2, 5, dtype=x.dtype).scatter_add(1, m.tensor(INDEX), x),
    ),
    Case(
        "Softmax", lambda m, x: m.nn.functional.softmax(x, 1), lambda x: _softmax(x, 1), ((3, 4),)
    ),
    Case(
        "LogSoftmax",
        lambda m, x: m.nn.functional.log_softmax(x, -1),
        lambda x: np.log(_softmax(x, -1)),
        ((3, 4),),
    ),
    Case(
        "NllLoss",
        lambda m, x: m.nn.functional.nll_loss(x, _array(m, LABELS)),
        lambda x: -x[np.arange(3), LABELS].mean(),
        ((3, 4),),
    ),
    Case(
        "NllLoss",
        lambda m, x: m.nn.functional.cross_entropy(x, _array(m, LABELS)),
        lambda x: -np.log(_softmax(x, 1))[np.arange(3), LABELS].mean(),
        ((3, 4),),
        note="cross_entropy",
    ),
    Case(
        "Convolution",
        lambda m, x, w, b: m.nn.functional.conv2d(x, w, b, stride=(1, 2), padding=(0, 1)),
        lambda x, w, b: reference.conv2d(x, w, b, WINDOW),
        ((2, 2, 3, 4), (3, 2, 2, 3), (3,)),
    ),
    Case(
        "Convolution",
        lambda m, x, w: m.nn.functional.conv2d(x, w, dilation=2, groups=2),
        lambda x, w: reference.conv2d(x, w, None, Window.of(2, dilation=2, groups=2)),
        ((1, 2, 4, 4), (4, 1, 2, 2)),
        note="groups",
    ),
    Case(
        "ConvolutionInput",
        lambda m, g, w: OPS["ConvolutionInput"].apply(g, w, shape=(2, 2, 3, 4), window=WINDOW),
        lambda g, w: reference.conv2d_input(g, w, (2, 2, 3, 4), WINDOW),
        ((2, 3, 2, 2), (3, 2, 2, 3)),
        torch=lambda m, g, w: m.nn.grad.conv2d_input((2, 2, 3, 4), w, g, (1, 2), (0, 1)),
    ),
    Case(
        "ConvolutionWeight",
        lambda m, g, x: OPS["ConvolutionWeight"].apply(g, x, shape=(3, 2, 2, 3), window=WINDOW),
        lambda g, x: reference.conv2d_weight(g, x, (3, 2, 2, 3), WINDOW),
        ((2, 3, 2, 2), (2, 2, 3, 4)),
        torch=lambda m, g, x: m.nn.grad.conv2d_weight(x, (3, 2, 2, 3), g, (1, 2), (0, 1)),
    ),
    Case(
        "MaxPool",
        lambda m, x: m.nn.functional.max_pool2d(x, 2),
        lambda x: reference.max_pool2d(x, Window.of(2, stride=2))[0],
        ((2, 2, 4, 5),),
    ),
    Case(
        "MaxPool",
        lambda m, x: m.nn.functional.max_pool2d(x, 3, stride=1, padding=1),
        lambda x: reference.max_pool2d(x, Window.of(3, stride=1, padding=1))[0],
        ((1, 2, 4, 4),),
        note="overlap",
    ),
]
