"""gradcheck as a picture: finite differences at every node, beside the gradients of the engine.

To know how the result reacts to one intermediate value, the function is run again and that value
is moved a little on the way. So the check needs nothing from the nodes, whose rules it is to check,
and a wrong rule is found at the operation that has it: its own gradient is right, and the one it
sends to an operand is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

from autodiff import Scalar, tensor
from autodiff.autograd import backward_steps
from autodiff.observe import Observer
from viz import draw, words
from viz.collect import collect_steps
from viz.names import Names
from viz.picture import Picture
from viz.structure import is_leaf, key_of, read
from viz.values import on_host

__all__ = ["Checked", "gradcheck"]

ELEMENTS = 16
"""Of larger values this many elements are tried, spread evenly."""

Loss = Callable[[], float]


@dataclass
class Verdict:
    """One node: the engine's gradient, the numerical one, and what their difference means: "right",
    "wrong", "kink" (the value sits where the derivative jumps) or "round-off"."""

    name: str
    place: int
    verdict: str
    analytic: np.ndarray
    numeric: np.ndarray
    blamed: list[str]

    @property
    def error(self) -> float:
        """The largest difference, relative to the larger of the two gradients."""
        size = max(float(np.abs(self.numeric).max()), float(np.abs(self.analytic).max()), 1e-8)
        return float(np.abs(self.analytic - self.numeric).max()) / size


class Checked(Picture):
    """What `viz.gradcheck` returns: a table, a heat map of the graph, and whether all is well.

    >>> import autodiff as ad, viz
    >>> checked = viz.gradcheck(lambda x: x * x.detach(), ad.Scalar(3.0))
    >>> checked.ok, [(verdict.name, verdict.verdict) for verdict in checked.verdicts]
    (False, [('#2 = mul', 'right'), ('#0', 'wrong')])
    """

    def __init__(self, verdicts: list[Verdict], graph: nx.MultiDiGraph, theme: str) -> None:
        super().__init__(graph, draw.check_scene, lambda graph, width: _table(verdicts), theme)
        self.verdicts = verdicts

    @property
    def ok(self) -> bool:
        """Whether no gradient is wrong."""
        return all(verdict.verdict != "wrong" for verdict in self.verdicts)

    def __bool__(self) -> bool:
        return self.ok


def gradcheck(
    f: Callable[..., Any],
    *inputs: Any,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    params: Mapping[str, Any] | None = None,
    theme: str = "light",
) -> Checked:
    """Compare every gradient in the graph of ``f(*inputs)`` with finite differences.

    Args:
        f: a function of the inputs that gives the same result for the same inputs.
        inputs: Scalars, or float64 tensors; those that require grad are checked as well.
        eps: how far values are moved for the finite differences.
        atol, rtol: how far apart right gradients may be, as in `autodiff.autograd.gradcheck`.
        params, theme: see `graph`.

    Raises:
        TypeError: an input of less than double precision, whose round-off would hide everything.
        RuntimeError: the result does not depend on any input.

    >>> import autodiff as ad, viz
    >>> x = ad.Scalar(3.0)
    >>> checked = viz.gradcheck(lambda x: x.log() * x, x)
    >>> checked.ok, [(verdict.name, verdict.verdict) for verdict in checked.verdicts]
    (True, [('#2 = mul', 'right'), ('#1 = log', 'right'), ('x', 'right')])
    """
    for x in inputs:
        if hasattr(x, "dtype") and "float32" in str(x.dtype):
            raise TypeError(
                "gradcheck needs float64: in float32 round-off is as large as the differences.\n"
                "  Fix: x = x.double().detach().requires_grad_()."
            )
    names = Names.of_caller(params)
    recorder = _Recorder()
    with recorder:
        out = f(*inputs)
    weights = _weights(out)
    seed = None if weights is None else tensor(weights, device=out.device)
    steps = list(backward_steps(out, seed, retain_graph=True, accumulate=False))
    graph = collect_steps(out, steps, names)
    structure, boxes = read(out), graph.graph["boxes"]
    gradients = {_key(step.node): step.g for step in steps}

    def loss() -> float:
        value = f(*inputs)
        number = value.value if isinstance(value, Scalar) else value.detach().cpu().numpy()
        return float(number if weights is None else (number * weights).sum())

    verdicts = []
    for place in reversed(range(len(structure))):
        node = structure.nodes[place]
        g = gradients.get(key_of(node))
        if g is None or hasattr(g, "parts"):
            continue
        mover: _Mover = _LeafMover(node.variable) if is_leaf(node) else _Nudge(recorder, node)
        if not mover.can_move:
            continue
        analytic, numeric, kinked, noise = _differences(loss, mover, np.asarray(on_host(g)), eps)
        verdict = _judge(analytic, numeric, kinked, noise, atol, rtol)
        label = words.label(boxes[place], graph.nodes[boxes[place]])
        if not is_leaf(node):
            label += f" = {graph.nodes[boxes[place]]['op']}"
        verdicts.append(Verdict(label, place, verdict, analytic, numeric, []))
    _blame(verdicts, structure.operands, graph, boxes)
    for each in verdicts:
        graph.nodes[boxes[each.place]]["check"] = each
    return Checked(verdicts, graph, theme)


# -- moving one value ------------------------------------------------------------------------------


class _Recorder(Observer):
    """Notes the nodes of a run in the order in which they are made."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def made(self, node: Any, result: Any) -> None:
        self.numbers[node] = len(self.numbers)


class _Mover:
    """A value that can be moved while the function runs."""

    can_move = True
    size = 1

    def run(self, loss: Loss, element: int, by: float) -> float:
        """The loss with one element of the value moved."""
        raise NotImplementedError


class _LeafMover(_Mover):
    def __init__(self, variable: Any) -> None:
        self.variable = variable
        self.size = int(np.size(variable.value))

    def run(self, loss: Loss, element: int, by: float) -> float:
        x = self.variable
        before = x.value
        try:
            x.value = _moved(before, element, by)
            return loss()
        finally:
            x.value = before


class _Nudge(_Mover, Observer):
    """Moves the result of the operation that is recorded at a certain place of the run."""

    def __init__(self, recorder: _Recorder, node: Any) -> None:
        self.number = recorder.numbers.get(node)
        self.can_move = self.number is not None
        self.size = int(np.size(node.out)) if getattr(node, "out", None) is not None else 1
        if hasattr(getattr(node, "out", None), "reference"):
            self.can_move = False  # too large to have been kept

    def run(self, loss: Loss, element: int, by: float) -> float:
        self.count, self.element, self.by = 0, element, by
        with self:
            return loss()

    def made(self, node: Any, result: Any) -> None:
        if self.count == self.number:
            result.value = _moved(result.value, self.element, self.by)
        self.count += 1


def _moved(value: Any, element: int, by: float) -> Any:
    if not hasattr(value, "reshape"):
        return value + by
    moved = value.copy()
    moved.reshape(-1)[element] += by
    return moved


# -- judging ---------------------------------------------------------------------------------------


def _differences(
    loss: Loss, mover: _Mover, g: np.ndarray, eps: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """The engine's and the central differences for some elements, where forward and backward
    differences disagree, and how large round-off may make the error."""
    elements = np.unique(np.linspace(0, mover.size - 1, min(mover.size, ELEMENTS)).astype(int))
    now = loss()
    above = np.array([mover.run(loss, int(i), eps) for i in elements])
    below = np.array([mover.run(loss, int(i), -eps) for i in elements])
    forward, backward = (above - now) / eps, (now - below) / eps
    numeric = (above - below) / (2 * eps)
    noise = 4 * np.finfo(float).eps * max(abs(now), 1.0) / eps
    gap = np.abs(forward - backward)
    kinked = gap > 1e-3 * np.maximum(np.abs(forward), np.abs(backward)) + 100 * noise + 1e-4
    return g.reshape(-1)[elements], numeric, kinked, noise


def _judge(
    analytic: np.ndarray, numeric: np.ndarray, kinked: np.ndarray, noise: float,
    atol: float, rtol: float,
) -> str:  # fmt: skip
    off = np.abs(analytic - numeric)
    bad = ~(off <= atol + rtol * np.abs(numeric))
    if not bad.any():
        return "right"
    if not (bad & ~kinked).any():
        return "kink"
    return "round-off" if (off[bad & ~kinked] <= 10 * noise).all() else "wrong"


def _blame(
    verdicts: list[Verdict],
    operands: list[list[Any]],
    graph: nx.MultiDiGraph,
    boxes: dict[int, str],
) -> None:
    """Tell each right node to which operands it sent a wrong gradient: its rule is to blame.

    Where a wrong node uses the operand too, that explains the operand's wrong gradient.
    """
    by_place = {verdict.place: verdict for verdict in verdicts}
    wrong = {place for place, verdict in by_place.items() if verdict.verdict == "wrong"}
    explained = {operand[0] for place in wrong for operand in operands[place] if operand}
    for place, verdict in by_place.items():
        arguments = {
            data["position"]: data["argument"] or f"operand {data['position']}"
            for _, _, data in graph.in_edges(boxes[place], data=True)
        }
        for position, operand in enumerate(operands[place]):
            sent_wrong = operand is not None and operand[0] in wrong - explained
            if place not in wrong and sent_wrong:
                verdict.blamed.append(arguments.get(position, f"operand {position}"))


def _weights(out: Any) -> np.ndarray | None:
    """Weights that make one number of a result of several, so that no error can cancel another."""
    shape = getattr(out, "shape", ())
    if isinstance(out, Scalar) or shape == ():
        return None
    return np.random.default_rng(0).uniform(0.5, 1.5, tuple(shape))


def _key(node: Any) -> Any:
    return key_of(node) if hasattr(node, "next_functions") else id(node)


def _table(verdicts: list[Verdict]) -> str:
    rows = [("gradient", "numeric", "off by", "", "")]
    for verdict in verdicts:
        worst = int(np.argmax(np.abs(verdict.analytic - verdict.numeric)))
        analytic, numeric = verdict.analytic[worst], verdict.numeric[worst]
        told = verdict.name
        if verdict.blamed:
            told += f"   <- wrong rule for {', '.join(dict.fromkeys(verdict.blamed))}"
        off = abs(float(analytic - numeric))
        gap = f"{off:.1e}" if off else "0"
        rows.append((words.number(analytic), words.number(numeric), gap, verdict.verdict, told))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]])
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)
