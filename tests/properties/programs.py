"""Random programs: expressions of random ops, shapes, views, writes in place and hooks.

A program is a text, one operation on a line, written in what autodiff and PyTorch share. It starts
from `leaves` of given shapes, and the sum of everything it still holds is what is differentiated.
Its lines are drawn one by one from a `Chooser`: hypothesis, which shrinks what fails, or a random
generator, which is quick.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np

import autodiff as ad

__all__ = ["Chooser", "Program", "random_program", "run"]

T = TypeVar("T")

MOST_ELEMENTS = 64
LARGEST = 20.0
"""Values that grow beyond this are squashed, or finite differences would lose all their digits."""

SHAPES: tuple[tuple[int, ...], ...] = ((), (1,), (3,), (2, 3), (3, 1), (1, 2), (2, 1, 3), (2, 3, 2))

SMOOTH = (
    "{x}.sin()", "{x}.cos()", "{x}.tanh()", "{x}.sigmoid()", "{x}.square()", "-{x}", "{x} ** 3",
    "{x} * 0.5", "1.5 - {x}", "1 / ({x}.square() + 1)", "({x}.square() + 1).log()",
    "({x}.square() + 0.5).sqrt()", "{x}.atan()", "{x}.tanh().exp()", "{x}.erf()", "{x}.clone()",
    "m.nn.functional.softplus({x})", "m.nn.functional.silu({x})", "m.nn.functional.gelu({x})",
)  # fmt: skip
KINKED = (
    "{x}.relu()", "{x}.abs()", "{x}.clamp(-1, 1)", "m.nn.functional.leaky_relu({x})",
    "m.nn.functional.hardtanh({x})",
)  # fmt: skip
PAIRS = ("{x} + {y}", "{x} - {y}", "{x} * {y}", "{x} / ({y}.square() + 1)", "m.hypot({x}, {y} + 5)")
KINKED_PAIRS = ("m.maximum({x}, {y})", "m.where({x} > {y}, {x}, {y} * 2)")
SAME_SHAPE = ("m.cat([{x}, {y}], {dim})", "m.stack([{x}, {y}], {dim})", "m.lerp({x}, {y}, 0.25)")
ALONG = (
    "{x}.sum({dim})", "{x}.mean({dim}, keepdim=True)", "{x}.cumsum({dim})", "{x}.flip({dim})",
    "{x}.logsumexp({dim})", "m.softmax({x}, {dim})", "m.log_softmax({x}, {dim})",
    "{x}.roll(1, {dim})", "{x}.unsqueeze({dim})", "{x}.select({dim}, 0)", "{x}.narrow({dim}, 0, 1)",
    "{x}.transpose({dim}, 0)", "{x}.prod({dim})", "{x}.var({dim}, unbiased=False)",
    "{x}.index_select({dim}, m.tensor([0, 0]))", "{x}.unbind({dim})[0]",
)  # fmt: skip
KINKED_ALONG = ("{x}.amax({dim})", "{x}.sort({dim})[0]", "{x}.max({dim})[0]")
WHOLE = (
    "{x}.reshape(-1)", "{x}.sum()", "{x}.mean()", "{x}.unsqueeze(0).expand(2, *{x}.shape)",
    "{x}.squeeze()", "{x}.contiguous().view(-1)", "{x}.reshape(-1)[::2]",
    "{x}[...]", "{x}.flatten()",
)  # fmt: skip
VIEWS = (
    "{x}.reshape(-1)[:2]",
    "{x}.unsqueeze(0)",
    "{x}.reshape(-1)",
    "{x}.unsqueeze(-1)[..., :1]",
    "{x}",
)
WRITES = ("{v}.mul_(1.5)", "{v}.add_(0.5)", "{v}[...] = {v} * 0.5", "{v}.zero_()", "{v}.neg_()")


class Chooser(Protocol):
    """Where decisions come from."""

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        ...


@dataclass(frozen=True)
class Program:
    """Shapes of the leaves, lines, and whether the gradient is the slope of what is computed.

    It is not where a line detaches, or a hook changes a gradient.
    """

    shapes: tuple[tuple[int, ...], ...]
    lines: tuple[str, ...]
    honest: bool = True

    def leaves(self) -> list[np.ndarray]:
        """The same values every time, all different."""
        rng = np.random.default_rng(len(self.lines))
        return [rng.uniform(-2, 2, shape) for shape in self.shapes]

    def __str__(self) -> str:
        names = ", ".join(f"x{i}" for i in range(len(self.shapes)))
        return "\n".join([f"# {names} of shapes {self.shapes}", *self.lines])


def run(program: Program, m: Any, leaves: Sequence[Any]) -> Any:
    """The result of a program on leaves of the library ``m``: a single number."""
    namespace: dict[str, Any] = {"m": m} | {f"x{i}": x for i, x in enumerate(leaves)}
    exec("\n".join(program.lines), namespace)
    held = [x for name, x in namespace.items() if name[0] in "vx" and name[1:].isdigit()]
    total = held[0].sum() * 0.1
    for i, x in enumerate(held[1:], start=2):
        total = total + (x * (0.1 * (i % 7) - 0.25)).sum()
    return total


def random_program(chooser: Chooser, length: int) -> Program:
    """A program of that many operations, which runs."""
    shapes = tuple(chooser.pick(SHAPES) for _ in range(chooser.pick((1, 2, 3))))
    leaves = [ad.tensor(x) for x in Program(shapes, ()).leaves()]
    writer = _Writer(chooser, {f"x{i}": x for i, x in enumerate(leaves)})
    for _ in range(length):
        writer.add_operation()
    return Program(shapes, tuple(writer.lines), writer.honest)


class _Writer:
    """Writes a program line by line, and runs each, so that it knows the shapes of all values."""

    def __init__(self, chooser: Chooser, values: dict[str, Any]) -> None:
        self.pick, self.values = chooser.pick, values
        self.lines: list[str] = []
        self.honest, self.count = True, 0

    def add_operation(self) -> None:
        x = self.pick(list(self.values))
        kind = self.pick(("smooth", "smooth", "pair", "pair", "along", "along", "whole", "kinked",
                          "matmul", "write", "write", "rare"))  # fmt: skip
        getattr(self, f"_{kind}")(x)

    def _smooth(self, x: str) -> None:
        self._compute(self.pick(SMOOTH).format(x=x))

    def _kinked(self, x: str) -> None:
        self._compute(self.pick(KINKED).format(x=x))

    def _pair(self, x: str) -> None:
        y = self.pick([y for y in self.values if self._fit(x, y)])
        same = self.values[x].shape == self.values[y].shape and self.values[x].ndim
        options = PAIRS + KINKED_PAIRS + (SAME_SHAPE if same else ())
        self._compute(self.pick(options).format(x=x, y=y, dim=self._dim(x) if same else 0))

    def _along(self, x: str) -> None:
        if not self.values[x].ndim:
            return self._whole(x)
        return self._compute(self.pick(ALONG + KINKED_ALONG).format(x=x, dim=self._dim(x)))

    def _whole(self, x: str) -> None:
        self._compute(self.pick(WHOLE).format(x=x))

    def _matmul(self, x: str) -> None:
        if not self.values[x].ndim:
            return self._smooth(x)
        turned = f"{x}.transpose(-1, -2)" if self.values[x].ndim > 1 else x
        return self._compute(f"{x} @ {turned}")

    def _write(self, x: str) -> None:
        """A write in place, into a copy or into a view of it; what was read before stays valid."""
        copy, view = self._new(), self._new()
        self._run(f"{copy} = {x}.clone()", copy)
        self._run(f"{view} = {self.pick(VIEWS).format(x=copy)}", view)
        self._run(self.pick(WRITES).format(v=view), copy, view)

    def _rare(self, x: str) -> None:
        self.pick((self._hook, self._detach, self._whole, self._whole, self._whole))(x)

    def _detach(self, x: str) -> None:
        self.honest = False
        self._compute(f"{x}.detach() * {x}")

    def _hook(self, x: str) -> None:
        name = self._new()
        self._run(f"{name} = {x} * 2", name)
        self._run(f"{name}.requires_grad and {name}.register_hook(lambda g: g * 0.5)")
        self.honest = False

    def _compute(self, expression: str) -> None:
        name = self._new()
        self._run(f"{name} = {expression}", name)

    def _run(self, line: str, *names: str) -> None:
        self.lines.append(line)
        namespace = {"m": ad, **self.values}
        exec(line, namespace)
        for name in names:
            self.values[name] = namespace[name]
            self._tame(name)

    def _tame(self, name: str) -> None:
        """Keep values of a size to compute with."""
        x = self.values[name]
        if x.numel() and float(x.detach().abs().max()) > LARGEST:
            self._compute(f"{name}.tanh()")
        if x.numel() > MOST_ELEMENTS:
            self._run(f"{name} = {name}.reshape(-1)[:4]", name)

    def _new(self) -> str:
        self.count += 1
        return f"v{self.count}"

    def _dim(self, x: str) -> int:
        return self.pick(range(self.values[x].ndim))

    def _fit(self, x: str, y: str) -> bool:
        """Whether two values can be broadcast together, to a size that is small enough."""
        try:
            shape = np.broadcast_shapes(self.values[x].shape, self.values[y].shape)
        except ValueError:
            return False
        return math.prod(shape) <= MOST_ELEMENTS
