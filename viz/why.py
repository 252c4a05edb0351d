"""Why a gradient is None, zero, not a number, infinite or larger than expected.

`why` looks at a value, at the graphs of the program's other variables, and at the trail that
autodiff keeps of where values left the graph (`autodiff.trail`). What it finds it tells as: what,
where, why, how to fix it, and which lesson explains it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from autodiff import trail
from viz import draw, text
from viz.causes import Cause, first_cause
from viz.collect import collect
from viz.foreign import is_ours
from viz.names import Names, variables_of_caller
from viz.picture import Picture
from viz.structure import Structure, is_leaf, notes_of, read
from viz.values import norm

__all__ = ["Answer", "why"]

WIDTH = 80

TINY = 1e-6
"""Gradients of a smaller norm are asked why they vanish."""


@dataclass
class Finding:
    """What is the matter, in the parts of an error message."""

    state: str
    what: str
    where: str = ""
    reason: str = ""
    fix: str = ""
    lesson: str = ""
    place: int | None = None

    def __str__(self) -> str:
        parts = [self.what]
        named = (("Where", self.where), ("Why", self.reason), ("Fix", self.fix))
        parts += [_paragraph(f"  {word}: ", part) for word, part in named if part]
        if self.lesson:
            parts.append(f"  Lesson: autodiff learn {self.lesson}")
        return "\n".join(parts)


class Answer(Picture):
    """What `viz.why` returns: prints as the explanation, draws the graph with the culprit marked.

    ``state`` is one word: "none", "zero", "nan", "inf", "summed" or "fine".

    >>> import autodiff as ad, viz
    >>> x = ad.Scalar(0.0)
    >>> y = (-x).relu()
    >>> y.backward()
    >>> viz.why(x, y).state
    'zero'
    """

    def __init__(self, finding: Finding, graph: nx.MultiDiGraph, theme: str) -> None:
        super().__init__(graph, draw.graph_scene, text.graph_text, theme)
        self.finding = finding
        self.state = finding.state

    def text(self, width: int = WIDTH) -> str:
        return str(self.finding)


def why(
    x: Any,
    loss: Any = None,
    *,
    params: Mapping[str, Any] | None = None,
    theme: str = "light",
) -> Answer:
    """Explain the gradient of ``x``: why it is None, zero, nan, inf, or a sum of several passes.

    Args:
        x: a Scalar or a Tensor, or a tensor of PyTorch, whose gradient is a surprise.
        loss: what was, or will be, differentiated. Without it the caller's variables are searched.
        params: names for values; see `graph`.
        theme: of the picture.

    The line that cut a value off is known where `viz` was imported before that line ran.

    >>> import autodiff as ad, viz
    >>> w = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> y = w * 2
    >>> print(viz.why(y))
    y.grad is None because y is not a leaf.
      Why: y was computed (MulBackward0), and .grad is kept for leaves only: the
           gradient of y flows through it to w.
      Fix: call y.retain_grad() before backward(), or read the .grad of w.
      Lesson: autodiff learn grad-fn
    """
    names = Names.of_caller(params)
    root = loss if loss is not None else _result_of(x, variables_of_caller())
    finding = _Inquiry(x, root, names).finding()
    graph = collect(root if root is not None else x, names)
    if root is not None and finding.place is not None:
        graph.graph["culprit"] = graph.graph["boxes"][finding.place]
    return Answer(finding, graph, theme)


def _result_of(x: Any, variables: Mapping[str, Any]) -> Any:
    """The caller's variable that was computed from ``x``: a single number rather than another."""
    found = []
    for name, value in variables.items():
        node = getattr(value, "grad_fn", None)
        if not hasattr(node, "next_functions") or value is x or name.startswith("_"):
            continue
        structure = read(value)
        if _key(x) in structure.places:
            is_number = getattr(value, "shape", ()) in ((), (1,))
            found.append((name == "loss", is_number, len(structure), name, value))
    return max(found, key=lambda entry: entry[:4])[4] if found else None


def _key(x: Any) -> Any:
    return id(x) if x.grad_fn is None else x.grad_fn


class _Inquiry:
    """Asks one question after the other until one has an answer."""

    def __init__(self, x: Any, root: Any, names: Names) -> None:
        self.x, self.root, self.names = x, root, names
        self.name = names.of_value(x) or names.of_output(x.grad_fn) or "x"
        self.structure = read(root) if root is not None else Structure()
        self.place = self.structure.places.get(_key(x)) if root is not None else None

    def finding(self) -> Finding:
        grad = self.x.grad if self.x.grad_fn is None or _retains(self.x) else None
        if grad is None:
            return self._none()
        size = norm(_plain(grad))
        if size != size or size == float("inf"):
            return self._not_finite("nan" if size != size else "inf")
        if size == 0:
            return self._zero()
        return self._summed() or self._tiny(size) or self._fine()

    # -- None -----------------------------------------------------------------------------------

    def _none(self) -> Finding:
        x, name = self.x, self.name
        if not x.requires_grad:
            return self._asks_for_none()
        if x.grad_fn is not None and not _retains(x):
            return self._not_a_leaf()
        if self.root is None or self.place is None:
            return self._not_connected()
        result = self._name_of_root()
        if not any(getattr(node, "is_released", False) for node in self.structure.nodes):
            return Finding(
                "none",
                f"{name}.grad is None because no backward pass has come by yet.",
                reason=f"{result} was computed from {name}, and its graph is still whole.",
                fix=f"call {result}.backward().",
                lesson="grad-fn",
                place=self.place,
            )
        return Finding(
            "none",
            f"{name}.grad is None although {result}.backward() has run.",
            reason=f"{name} is part of {result}'s graph, so its gradient was there and was taken "
            "away since: zero_grad() sets .grad to None, and so does `x.grad = None`. Or the pass "
            "was asked for other gradients only, with backward(inputs=...).",
            fix="read .grad after backward() and before zero_grad().",
            lesson="grad-fn",
            place=self.place,
        )

    def _asks_for_none(self) -> Finding:
        name = self.name
        cut = trail.cut_that_made(self.x) if is_ours(self.x) else None
        if cut is not None:
            return Finding(
                "none",
                f"{name}.grad is None because {name} was taken out of the graph by {cut.how}.",
                str(cut.line),
                _meaning(cut),
                "leave that out where a gradient is wanted, or read the gradient of what "
                f"{name} was computed from.",
                "stopping",
            )
        if _is_integer(self.x):
            return Finding(
                "none",
                f"{name}.grad is None because {name} holds integers.",
                reason="a gradient says what a small change does, and integers change in steps.",
                fix="make it of floating-point numbers: tensor([1.0, 2.0]), or x.float() before "
                "requires_grad_().",
                lesson="tensors",
            )
        return Finding(
            "none",
            f"{name}.grad is None because {name} does not require grad.",
            reason="operations are recorded for values that ask for a gradient, and "
            f"{name}.requires_grad is False.",
            fix=f"create it with requires_grad=True, or call {name}.requires_grad_() before it is "
            "used; a frozen parameter is thawed in the same way.",
            lesson="grad-fn",
        )

    def _not_a_leaf(self) -> Finding:
        name, node = self.name, self.x.grad_fn
        leaves = [n for n in read(self.x).nodes if is_leaf(n)]
        origin = [self.names.of_value(leaf.variable) or "a leaf" for leaf in leaves]
        where = notes_of(node).get("source")
        fix = (
            f"call {name}.retain_grad() before backward(), or read the .grad of {_listed(origin)}."
        )
        if len(leaves) == 1 and origin == ["a leaf"]:
            fix = (
                f"where {name} itself should be learned, make it the leaf: "
                f"{name} = ....detach().requires_grad_(); else call {name}.retain_grad()."
            )
        return Finding(
            "none",
            f"{name}.grad is None because {name} is not a leaf.",
            str(where) if where else "",
            f"{name} was computed ({node.name()}), and .grad is kept for leaves only: the gradient "
            f"of {name} flows through it to {_listed(origin)}.",
            fix,
            "grad-fn",
        )

    def _not_connected(self) -> Finding:
        name = self.name
        cuts = list(trail.cuts_of(self.x)) if is_ours(self.x) else []
        if cuts:
            cut = cuts[0]
            others = "".join(f"\n         {other.line}  ({other.how})" for other in cuts[1:4])
            return Finding(
                "none",
                f"{name}.grad is None because what was computed from {name} left the graph by "
                f"{cut.how}.",
                f"{cut.line}{others}",
                _meaning(cut),
                "compute with tensors from there on, without the cut.",
                "stopping",
            )
        reason = f"no result was found that {name} went into, so no gradient comes back to it."
        if self.root is not None:
            reason = f"{self._name_of_root()} was not computed from {name}."
        return Finding(
            "none",
            f"{name}.grad is None because {name} was not used.",
            reason=f"{reason} A parameter that forward() does not touch stays like this, and so "
            "does a value whose numbers were copied into a new tensor.",
            fix=f"use {name} in the computation; or tell why() what was differentiated: "
            f"why({name}, loss).",
            lesson="grad-fn",
        )

    # -- numbers ----------------------------------------------------------------------------------

    def _zero(self) -> Finding:
        cause = self._cause("zero")
        if cause is None:
            return Finding(
                "zero",
                f"{self.name}.grad is zero.",
                reason="somewhere on the way the local derivative is zero, or zero_grad() has "
                "filled it with zeros.",
                fix="keep the graph and ask again: loss.backward(retain_graph=True), then "
                f"viz.why({self.name}, loss).",
            )
        return self._caused("zero", f"{self.name}.grad is zero", cause)

    def _tiny(self, size: float) -> Finding | None:
        cause = self._cause("tiny") if size < TINY else None
        if cause is None:
            return None
        return self._caused("zero", f"{self.name}.grad is almost zero ({size:.1e})", cause)

    def _not_finite(self, state: str) -> Finding:
        cause = self._cause(state)
        word = "not a number" if state == "nan" else "infinite"
        if cause is None:
            return Finding(
                state,
                f"{self.name}.grad is {word}.",
                reason="a local derivative on the way is not finite, as those of log and sqrt at 0 "
                "and of 0 / 0 are.",
                fix="keep the graph and ask again: loss.backward(retain_graph=True), then "
                f"viz.why({self.name}, loss); or run inside autograd.detect_anomaly().",
            )
        return self._caused(state, f"{self.name}.grad is {word}", cause)

    def _cause(self, state: str) -> Cause | None:
        if self.root is None or self.place is None:
            return None
        return first_cause(self.root, self.structure, self.place, state, self.names)

    def _caused(self, state: str, what: str, cause: Cause) -> Finding:
        return Finding(
            state,
            f"{what} because of {cause.label}.",
            cause.where,
            cause.reason,
            cause.fix,
            cause.lesson,
            cause.place,
        )

    def _summed(self) -> Finding | None:
        count, line = trail.sums_of(self.x) if is_ours(self.x) else (1, None)
        if count < 2:
            return None
        return Finding(
            "summed",
            f"{self.name}.grad is the sum of the gradients of {count} backward passes.",
            str(line) if line else "",
            "backward() adds to .grad; it does not replace what is there.",
            "call optimizer.zero_grad(), or set .grad to None, before each pass; unless the sum "
            "of several batches is what you want.",
            "grad-fn",
        )

    def _fine(self) -> Finding:
        return Finding(
            "fine",
            f"{self.name}.grad is the gradient of one backward pass, and finite: nothing is wrong.",
        )

    def _name_of_root(self) -> str:
        return self.names.of_output(self.root.grad_fn) or self.names.of_value(self.root) or "loss"


_CUT = "the result of this is not recorded, so nothing can flow back through it."
_NO_GRAD = "inside no_grad() nothing is recorded, so nothing can flow back."
_MEANING = {
    "detach": "detach() gives the same numbers without their history.",
    ".data": ".data gives the same numbers without their history, and hides writes as well.",
    "a new tensor of its numbers": "a new tensor has the numbers and not their history.",
    "item": "item() gives a Python number, which knows nothing of where it came from.",
    "tolist": "tolist() gives Python numbers, which know nothing of where they came from.",
    "numpy": "a NumPy array knows nothing of where its numbers came from.",
    "a Python number": "a Python number knows nothing of where it came from.",
    "argmax": "an index changes in jumps: argmax has no derivative.",
    "argmin": "an index changes in jumps: argmin has no derivative.",
    "conversion to int64": "integers change in steps, so a conversion to them has no derivative.",
    "conversion to int32": "integers change in steps, so a conversion to them has no derivative.",
    "conversion to bool": "true and false change in a jump: there is no derivative.",
} | dict.fromkeys(
    ("gt", "lt", "ge", "le", "eq", "ne"),
    "a comparison jumps from false to true: it has no derivative.",
)


def _meaning(cut: trail.Cut) -> str:
    if cut.how.endswith("under no_grad"):
        return _NO_GRAD
    return _MEANING.get(cut.how.split("(")[0], _CUT)


def _retains(x: Any) -> bool:
    return bool(getattr(x, "retains_grad", False))


def _plain(grad: Any) -> Any:
    if hasattr(grad, "detach") and not hasattr(grad, "value"):
        return grad.detach().cpu().numpy()
    return getattr(grad, "value", grad)


def _is_integer(x: Any) -> bool:
    dtype = str(getattr(x, "dtype", "float"))
    return "float" not in dtype


def _listed(names: list[str]) -> str:
    distinct = list(dict.fromkeys(names)) or ["its leaves"]
    return distinct[0] if len(distinct) == 1 else f"{', '.join(distinct[:-1])} and {distinct[-1]}"


def _paragraph(start: str, words: str) -> str:
    first, *rest = words.split("\n")
    folded = textwrap.fill(
        first, WIDTH - 1, initial_indent=start, subsequent_indent=" " * len(start)
    )
    return "\n".join([folded, *rest])
