"""Words and numbers: what nodes, operations, values and types are called in every picture."""

from __future__ import annotations

import re
from typing import Any

import networkx as nx
import numpy as np

from viz.settings import call, key_of, key_text
from viz.values import Summary, summarise

__all__ = [
    "NAME_LENGTH", "array_rows", "duration", "expression", "is_number", "is_summary", "label",
    "meaning", "number", "one_line", "share", "short", "size", "substitute", "summary",
    "total", "type_of",
]  # fmt: skip

SHOWN_IN_FULL = 16
"""Arrays of at most this many elements are shown element by element."""

NAME_LENGTH = 40


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
    if attributes["kind"] in ("module", "fold"):
        return attributes["title"]
    if attributes["kind"] != "op":
        return ""
    # Of two graphs drawn as one, a node that both have is told as the first has it.
    wanted = ("b", "both") if attributes.get("side") == "b" else ("a", "both", None)
    edges = [edge for edge in graph.in_edges(name, data=True) if edge[2].get("side") in wanted]
    edges.sort(key=lambda edge: edge[2]["position"])
    operands = {data["argument"]: label(source, graph.nodes[source]) for source, _, data in edges}
    formula = attributes["formula"]
    if _is_infix(formula, attributes["arguments"]) and set(operands) >= set(
        attributes["arguments"]
    ):
        return substitute(formula, operands)
    given = [label(source, graph.nodes[source]) for source, _, _ in edges]
    return call(attributes["op"], given, attributes["settings"])


def substitute(formula: str, operands: dict[str, str]) -> str:
    """A formula with its argument names replaced by operands."""
    return re.sub(r"[A-Za-z_]\w*", lambda word: operands.get(word[0], word[0]), formula)


def _is_infix(formula: str, arguments: tuple[str, ...]) -> bool:
    """Whether a formula is nothing but its arguments, numbers and operators, as in ``x * y``."""
    if formula in arguments:
        return False
    rest = re.sub(r"[A-Za-z_]\w*", lambda word: "" if word[0] in arguments else word[0], formula)
    return bool(formula) and re.fullmatch(r"[-+*/@<>=!.()\d\s]*", rest) is not None


def meaning(attributes: dict[str, Any]) -> str:
    """The formula behind a function that does not show it in its name, as in relu."""
    formula, arguments = attributes.get("formula", ""), attributes.get("arguments", ())
    if not formula or formula in arguments or _is_infix(formula, arguments):
        return ""
    if formula.startswith(f"{attributes['op']}("):
        return ""
    key = key_of(attributes["settings"])
    if key is None:
        return formula
    written = f"x{key_text(key)}"
    if formula in ("x[key]", "a part of x", "a slice of x"):
        return ""
    return f"x, with {written} = y" if "written" in formula else formula.replace("x[key]", written)


def is_number(x: Any) -> bool:
    """Whether ``x`` is a plain number, not an array."""
    return isinstance(x, (bool, int, float, np.number, np.bool_))


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
    if is_number(value):
        return [number(value)]
    if isinstance(value, Summary):
        return [summary(value)]
    if value.ndim == 0:
        return [number(value.item())]
    if value.size == 0:
        return ["no elements"]
    if value.size > SHOWN_IN_FULL:
        return [summary(value)]
    text = np.array2string(value, separator=", ", formatter={"all": number}, max_line_width=1000)
    return [row for row in text.splitlines() if row.strip()]


def summary(value: Any) -> str:
    """The range and the mean of many numbers, and how many are not finite."""
    if not isinstance(value, Summary):
        value = summarise(value)
    text = "no finite element"
    if value.low is not None and value.low == value.high:
        text = f"all {number(value.low)}"
    elif value.low is not None:
        text = f"{number(value.low)} to {number(value.high)}, mean {number(value.mean)}"
    bad = [f"{count} {word}" for count, word in ((value.nan, "nan"), (value.inf, "inf")) if count]
    return ", ".join([text, *bad])


def is_summary(value: Any) -> bool:
    """Whether pictures show only a summary of a value."""
    return isinstance(value, Summary) or getattr(value, "size", 0) > SHOWN_IN_FULL


def one_line(value: Any) -> str:
    """A value on one line."""
    return " ".join(row.strip() for row in array_rows(value))


def total(*terms: str) -> str:
    """A sum as it is written: ``2.0 + (-1.0)``."""
    first, *others = terms
    return " + ".join([first, *(f"({term})" if term[:1] == "-" else term for term in others)])


def type_of(attributes: dict[str, Any]) -> str:
    """Dtype and shape, as in ``float32[2, 3]``; nothing for a plain number."""
    shape, dtype = attributes.get("shape"), attributes.get("dtype")
    if shape is None:
        return ""
    return f"{dtype}[{', '.join(map(str, shape))}]" if shape else f"{dtype}"


def short(text: str, length: int) -> str:
    """Text on one line, without control characters, cut to a length."""
    shown = text[: length + 1]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else " " for c in shown)
    return shown if len(text) <= length else shown[: length - 1] + "…"


def duration(seconds: float) -> str:
    """A time in the unit that suits it.

    >>> duration(0.0000123), duration(0.25)
    ('12.3 µs', '250 ms')
    """
    for unit, factor in (("µs", 1e6), ("ms", 1e3)):
        if seconds * factor < 1000:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def share(part: float) -> str:
    """A relative error in percent, or as a power of ten where it is tiny.

    >>> share(0.9642), share(3.1e-11)
    ('96%', '3e-11')
    """
    return f"{part:.0%}" if part >= 0.01 else f"{part:.0e}"


def size(count: int) -> str:
    """A number of bytes in the unit that suits it.

    >>> size(96), size(4096)
    ('96 B', '4 KiB')
    """
    if count < 1024:
        return f"{count} B"
    for unit, factor in (("KiB", 2**10), ("MiB", 2**20), ("GiB", 2**30)):
        if count < 1024 * factor or unit == "GiB":
            break
    return f"{count / factor:.3g} {unit}"
