"""The helpers of a check: what passes, and what is said to what does not."""

from __future__ import annotations

from typing import Any

import pytest

import autodiff as ad
from autodiff import Scalar
from lessons.checking import (
    CheckError,
    expect,
    expect_engine,
    expect_gradient,
    expect_graph,
    fail,
    require,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4.0, 4),
        (4.0 + 1e-9, 4.0),
        (Scalar(4.0), 4.0),
        ([1, 2.0], (1.0, 2.0)),
        (ad.tensor([[1.0], [2.0]]), ad.tensor([[1.0], [2.0]])),
        ("text", "text"),
        (True, True),
        (None, None),
        (ad.float32, ad.float32),
        (ad.zeros(2, 3).shape, (2, 3)),
    ],
)
def test_what_is_expected_passes(value: Any, expected: Any) -> None:
    expect(value, expected, "it")


@pytest.mark.parametrize(
    ("value", "expected", "words"),
    [
        (5.0, 4.0, "it gives 5.0, expected 4.0."),
        (None, 4.0, "Is a `return` missing?"),
        (..., 4.0, "still to be written"),
        (ad.zeros(2, 1), ad.zeros(1, 2), r"Its shape is \(2, 1\), not \(1, 2\)."),
        ("Text", "text", "it gives 'Text', expected 'text'."),
        (1, True, "it gives 1, expected True."),
        (lambda: 4.0, 4.0, "it gives <function"),
        (3.0, 4.0, "One less."),
        (float("nan"), 4.0, "gives nan"),
    ],
)
def test_what_is_not_expected_fails(value: Any, expected: Any, words: str) -> None:
    with pytest.raises(CheckError, match=words):
        expect(value, expected, "it", wrong={3.0: "One less.", "other": "Never."})


def test_values_of_several_lines_stand_on_lines_of_their_own() -> None:
    x = ad.tensor([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(CheckError, match=r"it gives\ntensor\(\[\[1"):
        expect(x, x + 1, "it")


def test_fail_and_require() -> None:
    require(True, "it is wrong")
    with pytest.raises(CheckError, match="it is wrong here is why"):
        require([], "it is wrong", hint="here is why")
    with pytest.raises(CheckError) as caught:
        fail("wrong", "hint", picture=3)
    assert (caught.value.what, caught.value.hint, caught.value.picture) == ("wrong", "hint", "3")


class Half(ad.autograd.Function):
    """The square, with half of its derivative."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (x,) = ctx.saved_tensors
        return g * x


def test_a_right_gradient_in_float32_is_not_called_wrong() -> None:
    def filled(x: Any) -> Any:
        out = ad.zeros(2)
        out[0], out[1] = x[0] * 3, x[1] * 4
        return out.sum()

    x = ad.tensor([0.1, 0.7], dtype=ad.float64, requires_grad=True)
    with pytest.raises(CheckError, match="give them dtype"):
        expect_gradient(filled, x)


def test_gradients_are_measured() -> None:
    x = ad.tensor([1.0, 2.0], dtype=ad.float64, requires_grad=True)
    expect_gradient(lambda x: (x * x).sum(), x)
    with pytest.raises(CheckError, match="its gradient is not") as caught:
        expect_gradient(lambda x: Half.apply(x).sum(), x)
    assert "wrong" in caught.value.picture
    with pytest.raises(CheckError, match="has no graph"):
        expect_gradient(lambda x: x.item(), Scalar(3.0))


def test_graphs_are_compared() -> None:
    a, b = Scalar(2.0), Scalar(3.0)
    expect_graph(a * b + a, like=a * b + a)
    with pytest.raises(CheckError, match="Use a twice") as caught:
        expect_graph(a * b + b, like=a * b + a, hint="Use a twice.")
    assert "yours:" in caught.value.picture
    with pytest.raises(CheckError, match="has no graph"):
        expect_graph(6.0, like=a * b)


class Value:
    """A small engine; its subclasses have one bug each."""

    def __init__(self, data: float, children: tuple[Any, ...] = (), op: str = "") -> None:
        self.data, self.grad, self._prev, self._op = float(data), 0.0, children, op
        self.locals: tuple[float, ...] = ()
        self._backward = None

    def _made(self, other: Any, op: str, data: float, *locals_: float) -> Any:
        out = type(self)(data, (self, other), op)
        out.locals = locals_
        return out

    def _value(self, other: Any) -> Any:
        return other if isinstance(other, Value) else type(self)(other)

    def __add__(self, other: Any) -> Any:
        other = self._value(other)
        return self._made(other, "+", self.data + other.data, 1.0, 1.0)

    def __mul__(self, other: Any) -> Any:
        other = self._value(other)
        return self._made(other, "*", self.data * other.data, other.data, self.data)

    __radd__, __rmul__ = __add__, __mul__

    def order(self) -> list[Any]:
        order: list[Any] = []
        seen: set[int] = set()
        stack = [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack += [(child, False) for child in node._prev]
        return order[::-1]

    def send(self, child: Any, contribution: float) -> None:
        child.grad += contribution

    def backward(self) -> None:
        order = self.order()
        for node in order:
            if node._prev:
                node.grad = 0.0
        self.grad = 1.0
        for node in order:
            for child, local in zip(node._prev, node.locals, strict=True):
                self.send(child, local * node.grad)


class Overwriting(Value):
    def send(self, child: Any, contribution: float) -> None:
        child.grad = contribution


class Recursive(Value):
    def backward(self) -> None:
        self.grad = 1.0
        self.walk()

    def walk(self) -> None:
        for child, local in zip(self._prev, self.locals, strict=True):
            child.grad += local * self.grad
            child.walk()


class Deep(Value):
    def order(self) -> list[Any]:
        order: list[Any] = []
        seen: set[int] = set()

        def visit(node: Any) -> None:
            if id(node) not in seen:
                seen.add(id(node))
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        return order[::-1]


class Silent(Value):
    def backward(self) -> None:
        self.grad = 1.0
        for node in self.order():
            node.grad = None  # type: ignore[assignment]


class Adding(Value):
    def __mul__(self, other: Any) -> Any:
        return self + other


def test_an_engine_that_is_right() -> None:
    expect_engine(Value)
    expect_engine(Value, lambda a, b: a * b + 1.0, 2.0, 3.0)


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        (Overwriting, "used twice with a = 3.0: a.grad is .*One contribution has replaced another"),
        (Recursive, "twice of twice with a = 5.0: a.grad is 6.0, expected 4.0. .*sent on twice"),
        (Deep, "deep chain .*the recursion goes too deep. .*a list of your own as a stack"),
        (Silent, "a.grad is None and not a number. Does backward"),
        (Adding, "the value gives 9.0, expected 4.0"),
    ],
)
def test_an_engine_with_a_bug_is_told_which(engine: Any, words: str) -> None:
    with pytest.raises(CheckError, match=words):
        expect_engine(engine)


def test_the_graph_of_another_engine_is_drawn() -> None:
    with pytest.raises(CheckError) as caught:
        expect_engine(Overwriting, lambda a: a * a + a, 3.0)
    assert "yours:" in caught.value.picture
