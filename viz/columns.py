"""Compiled functions in the terminal: the recorded operations and the program, side by side."""

from __future__ import annotations

import itertools

import networkx as nx

from viz import words
from viz.listing import blocks_of, title_of
from viz.recording import fate_of

__all__ = ["beside_text", "program_text"]

BETWEEN = 4


def program_text(program: nx.MultiDiGraph, width: int) -> str:
    """The program line by line, loops with what runs in them."""
    return "\n".join([program.graph["caption"], *_program_rows(program)])


def beside_text(graph: nx.MultiDiGraph, width: int) -> str:
    """Each recorded operation with the numbers of what computes it, and the numbered program.

    Side by side where ``width`` has room for both, otherwise one after the other.
    """
    left, right = _recorded_rows(graph), _program_rows(graph.graph["program"])
    widest = max(map(len, left), default=0)
    if widest + BETWEEN + max(map(len, right), default=0) > width:
        rows = ["recorded", *left, "", "program", *right]
    else:
        pairs = itertools.zip_longest(["recorded", *left], ["program", *right], fillvalue="")
        rows = [f"{a.ljust(widest + BETWEEN)}{b}".rstrip() for a, b in pairs]
    return "\n".join([graph.graph["caption"], *(words.short(row, width) for row in rows)])


def _recorded_rows(graph: nx.MultiDiGraph) -> list[str]:
    shown = [about for _, about in graph.nodes(data=True) if about["kind"] not in CONSTANT]
    numbers = [_numbers(about["groups"]) for about in shown]
    widest = max(map(len, numbers), default=0)
    rows = []
    for about, number in zip(shown, numbers, strict=True):
        fate = f"  ({fate_of(about)})" if about["fate"] else ""
        rows.append(f"{number.rjust(widest)}  {title_of(about)}{fate}")
    return rows


CONSTANT = ("leaf", "constant")


def _numbers(groups: tuple[int, ...]) -> str:
    if len(groups) > 3:
        return f"{groups[0]}-{groups[-1]}"
    return ",".join(map(str, groups)) or "-"


def _program_rows(program: nx.MultiDiGraph) -> list[str]:
    rows: list[tuple[str, str]] = []
    for block in blocks_of(program):
        if block.loop:
            rows.append((f"{block.number:>2}  {block.loop}", ""))
        rows += [(f"      {text}" if block.loop else text, told) for text, told, _ in block.rows]
    widest = max((len(title) for title, _ in rows), default=0)
    return [f"{title.ljust(widest)}  {told}".rstrip() for title, told in rows]
