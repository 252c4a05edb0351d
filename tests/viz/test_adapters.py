"""Bring your own engine: a student's Value class, and micrograd's, are drawn and stepped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

import viz
from viz import adapters


class Number:
    """A student's engine: each value knows its operands and its rule."""

    def __init__(
        self, data: float, operands: Sequence[Number] = (), op: str = "",
        rule: Callable[[float], Sequence[float]] | None = None,
    ) -> None:  # fmt: skip
        self.data, self.operands, self.op, self.rule = data, operands, op, rule
        self.grad = 0.0

    def __mul__(self, other: Number) -> Number:
        return Number(
            self.data * other.data, (self, other), "*", lambda g: (g * other.data, g * self.data)
        )

    def __add__(self, other: Number) -> Number:
        return Number(self.data + other.data, (self, other), "+", lambda g: (g, g))

    def square(self) -> Number:
        return Number(self.data**2, (self,), "square", lambda g: (2 * self.data * g,))


@pytest.fixture(autouse=True)
def adapter() -> Iterator[None]:
    viz.adapt(Number, operands=lambda v: v.operands, op=lambda v: v.op, vjp=lambda v, g: v.rule(g))
    yield
    adapters._ADAPTERS.pop(Number)


def test_a_students_engine_is_drawn() -> None:
    a, b = Number(2.0), Number(-3.0)
    c = (a * b + a).square()
    assert str(viz.graph(c)) == (
        "c = square(#3)    16.0\n"
        "└─ #3 = #2 + a    -4.0\n"
        "   ├─ #2 = a * b  -6.0\n"
        "   │  ├─ a        leaf  2.0\n"
        "   │  └─ b        leaf  -3.0\n"
        "   └─ a           leaf"
    )
    assert "SquareBackward" in viz.grad_fn(c).svg


def test_a_power_to_a_number_is_written_as_in_python() -> None:
    x = Number(2.0)
    y = Number(8.0, (x,), "**3", lambda g: (12.0 * g,))
    assert str(viz.graph(y)).startswith("y = x ** 3  8.0")


def test_its_backward_pass_is_stepped() -> None:
    a, b = Number(2.0), Number(-3.0)
    c = (a * b + a).square()
    steps = viz.backward(c)
    gradients = {frame.name: frame.gradient for frame in steps}
    graph = steps.networkx()
    by_name = {graph.nodes[n]["name"]: g for n, g in gradients.items()}
    assert by_name["a"] == -8.0 * (-3.0 + 1)
    assert by_name["b"] == -8.0 * 2.0
    assert a.grad == 0.0
    assert "The complete gradient of a is 16.0" in steps.html


def test_parallel_edges() -> None:
    a = Number(3.0)
    assert viz.graph(a * a).networkx().number_of_edges() == 2
    assert viz.backward(a * a)[-1].gradient == 6.0


def test_what_cannot_be_drawn_or_stepped_says_why() -> None:
    with pytest.raises(TypeError, match=r"viz cannot draw a str.*\n.*\n.*viz\.adapt"):
        viz.graph("a")
    viz.adapt(Number, operands=lambda v: v.operands, op=lambda v: v.op)
    a = Number(3.0)
    assert str(viz.graph(a * a))
    with pytest.raises(RuntimeError, match="its adapter has no `vjp`"):
        viz.backward(a * a)


@pytest.mark.parity
def test_micrograd_is_known_already() -> None:
    value = pytest.importorskip("micrograd.engine").Value
    a, b = value(-4.0), value(3.0)
    c = a * b + b**3
    d = (c * c + a).relu()
    steps = viz.backward(d)
    assert "d = relu(" in str(steps)
    assert (a.grad, b.grad, c.grad) == (0, 0, 0)
    found = {x["name"]: x["g"] for _, x in steps.networkx().nodes(data=True) if x["name"]}
    d.backward()
    assert found["a"] == a.grad
    assert found["b"] == b.grad
    assert found["c"] == c.grad
    assert viz.graph(d).networkx().nodes(data="grad")["n1"] in (a.grad, b.grad)


@pytest.mark.parity
def test_a_deep_graph_of_micrograd() -> None:
    """micrograd itself recurses, and fails on it; drawing does not."""
    value = pytest.importorskip("micrograd.engine").Value
    y = value(1.0)
    for _ in range(3_000):
        y = y * 1.001
    assert "repetitions are folded" in str(viz.graph(y))
