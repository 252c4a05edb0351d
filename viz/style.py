"""What things look like: the words, numbers, shapes and colours of a picture.

Colours are light tints of the Okabe-Ito palette, which colour-blind readers can tell apart. Each
kind of node also has a shape and a word of its own, so that colour never carries meaning alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

__all__ = [
    "LOOKS", "Look", "array_rows", "expression", "label", "meaning", "number", "one_line", "short",
    "substitute", "summary", "type_of",
]  # fmt: skip

SHOWN_IN_FULL = 16
"""Arrays of at most this many elements are shown element by element."""

NAME_LENGTH = 40


@dataclass(frozen=True)
class Look:
    """The outline and colours of one kind of node, and the word for it."""

    word: str
    shape: str
    style: str
    fill: str
    border: str


LOOKS = {
    "leaf": Look("leaf", "box", "filled", "#DCEFFA", "#0072B2"),
    "constant": Look("constant", "box", "filled,dashed", "#F4F4F4", "#777777"),
    "op": Look("", "box", "filled,rounded", "#FFFFFF", "#333333"),
    "root": Look("result", "box", "filled,rounded,bold", "#FFF3D6", "#B87700"),
    "left_out": Look("left out", "box", "filled,dotted", "#FFFFFF", "#777777"),
}

GRADIENT_COLOUR = "#B34700"
LATER_COLOUR = "#D5D5D5"
QUIET_COLOUR = "#666666"


def is_done(graph: nx.MultiDiGraph, name: str) -> bool:
    """Whether a frame of the backward pass shows what this node does; a whole picture shows all."""
    now = graph.graph.get("now")
    return now is None or graph.nodes[name].get("step", 0) <= now


def border(graph: nx.MultiDiGraph, name: str, look: Look) -> dict[str, str]:
    """The colour and the width of a node's outline: thick where a frame's step takes place."""
    if graph.graph.get("now") == graph.nodes[name].get("step", -1):
        return {"color": GRADIENT_COLOUR, "penwidth": "3"}
    return {"color": look.border}


def label(name: str, attributes: dict[str, Any]) -> str:
    """What a node is called: its name, or its number."""
    given = attributes.get("name")
    if given:
        return short(given, NAME_LENGTH)
    value = attributes.get("value")
    if attributes["kind"] == "constant" and isinstance(value, (int, float)):
        return number(value)
    if attributes["kind"] == "left_out":
        return "..."
    return f"#{name.removeprefix('n')}"


def expression(graph: nx.MultiDiGraph, name: str) -> str:
    """How a node was computed, in the names of its operands: ``a * b`` or ``relu(#3)``."""
    attributes = graph.nodes[name]
    if attributes["kind"] != "op":
        return ""
    edges = sorted(graph.in_edges(name, data=True), key=lambda edge: edge[2]["position"])
    operands = {data["argument"]: label(source, graph.nodes[source]) for source, _, data in edges}
    formula = attributes["formula"]
    if _is_infix(formula, attributes["arguments"]) and set(operands) >= set(
        attributes["arguments"]
    ):
        return substitute(formula, operands)
    given = [label(source, graph.nodes[source]) for source, _, _ in edges]
    return f"{attributes['op']}({', '.join(given)})"


def substitute(formula: str, operands: dict[str, str]) -> str:
    """A formula with its argument names replaced by operands."""
    return re.sub(r"[A-Za-z_]\w*", lambda word: operands.get(word[0], word[0]), formula)


def _is_infix(formula: str, arguments: tuple[str, ...]) -> bool:
    """Whether a formula is nothing but its arguments, numbers and operators, as in ``x * y``."""
    rest = re.sub(r"[A-Za-z_]\w*", lambda word: "" if word[0] in arguments else word[0], formula)
    return bool(formula) and re.fullmatch(r"[-+*/@<>=!.()\d\s]*", rest) is not None


def meaning(attributes: dict[str, Any]) -> str:
    """The formula behind a function that does not show it in its name, as in relu."""
    formula, arguments = attributes.get("formula", ""), attributes.get("arguments", ())
    if not formula or _is_infix(formula, arguments):
        return ""
    call = f"{attributes['op']}({', '.join(arguments)})"
    return "" if formula == call or formula.startswith(f"{attributes['op']}(") else formula


def number(x: Any) -> str:
    """A number with four significant digits.

    >>> number(0.1234567), number(6.0), number(True)
    ('0.1235', '6.0', 'True')
    """
    if isinstance(x, (bool, np.bool_, int, np.integer)):
        return str(x)
    text = f"{float(x):.4g}"
    return f"{text}.0" if re.fullmatch(r"-?\d+", text) else text


def array_rows(value: Any) -> list[str]:
    """The elements of a small value, a line for each row; a summary of a large one.

    >>> import numpy as np
    >>> array_rows(np.array([[1.0, 2.5], [3.0, 4.0]]))
    ['[[1.0, 2.5],', ' [3.0, 4.0]]']
    >>> array_rows(np.arange(100.0))
    ['0.0 to 99.0, mean 49.5']
    """
    if value is None:
        return []
    if isinstance(value, (int, float)) or value.ndim == 0:
        return [number(value if isinstance(value, (int, float)) else value.item())]
    if value.size == 0:
        return ["no elements"]
    if value.size > SHOWN_IN_FULL:
        return [summary(value)]
    text = np.array2string(value, separator=", ", formatter={"all": number}, max_line_width=1000)
    return [row for row in text.splitlines() if row.strip()]


def summary(value: Any) -> str:
    """The range and the mean of many numbers, and how many are not finite."""
    numbers = np.asarray(value, dtype=np.float64)
    finite = numbers[np.isfinite(numbers)]
    text = "no finite element"
    if finite.size:
        low, high, mean = finite.min(), finite.max(), finite.mean()
        text = f"{number(low)} to {number(high)}, mean {number(mean)}"
    bad = [
        f"{count} {word}"
        for count, word in ((np.isnan(numbers).sum(), "nan"), (np.isinf(numbers).sum(), "inf"))
        if count
    ]
    return ", ".join([text, *bad])


def one_line(value: Any) -> str:
    """A value on one line."""
    return " ".join(row.strip() for row in array_rows(value))


def type_of(attributes: dict[str, Any]) -> str:
    """Dtype and shape, as in ``float32[2, 3]``; nothing for a plain number."""
    shape, dtype = attributes.get("shape"), attributes.get("dtype")
    if shape is None:
        return ""
    return f"{dtype}[{', '.join(map(str, shape))}]" if shape else f"{dtype}"


def short(text: str, length: int) -> str:
    """Text on one line, without control characters, cut to a length."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= length else text[: length - 1] + "…"
