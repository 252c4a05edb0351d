"""A compiled program as a column of lines: a block for each loop, and for the lines between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import networkx as nx

from viz import words
from viz.scene import Box, Cluster, Line

__all__ = ["Block", "blocks_of", "listing", "title_of", "where"]

LONGEST = 56
ONLY = "only in the loop"
MOST_ROWS = 40
"""Longer blocks show their first lines, and how many follow."""


@dataclass
class Block:
    """A loop with its lines, or lines that are no loop. A row is a line and what it writes."""

    number: int
    loop: str
    hue: int | None
    rows: list[tuple[str, str, bool]] = field(default_factory=list)


def title_of(about: dict[str, Any]) -> str:
    """A line of a program: a name and how it is computed."""
    text = f"{about['name']} = {about['formula']}" if about["formula"] else about["name"]
    return words.short(text, LONGEST)


def where(about: dict[str, Any]) -> str:
    """The type of what is written to memory."""
    return about["type"] if about["kept"] else ONLY


def blocks_of(program: nx.MultiDiGraph) -> list[Block]:
    """The lines of a program in the order in which they run."""
    blocks: list[Block] = []
    for name, about in program.nodes(data=True):
        if about["kind"] in ("leaf", "constant"):
            continue
        number, loop = about["group"], about["loop"]
        if not blocks or (blocks[-1].loop, blocks[-1].number if loop else 0) != (
            loop,
            number if loop else 0,
        ):
            blocks.append(Block(number if loop else 0, loop, about["hue"]))
        blocks[-1].rows.append((_row(program, name, about), where(about), about["backward"]))
    return [_cut(block) for block in blocks]


def _row(program: nx.MultiDiGraph, name: str, about: dict[str, Any]) -> str:
    text = title_of(about)
    if about["kind"] == "effect" and name.endswith(".grad"):
        (value,) = [program.nodes[source]["name"] for source in program.predecessors(name)]
        text = f"{text} = {value}"
    if about["loop"]:
        return text
    numbers = about["groups"]
    first = f"{numbers[0]}" if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
    return f"{first:>2}  {text}"


def _cut(block: Block) -> Block:
    if len(block.rows) > MOST_ROWS:
        rest = len(block.rows) - MOST_ROWS + 1
        block.rows = [*block.rows[: MOST_ROWS - 1], (f"… {rest} more lines", "", False)]
    return block


def listing(program: nx.MultiDiGraph) -> tuple[list[Box], Cluster]:
    """The boxes of a program's lines, and the frame around all of them."""
    boxes = []
    column = Cluster("program", "the program")
    blocks = blocks_of(program)
    rows = [row for block in blocks for row in block.rows]
    title_width = max((len(text) for text, _, _ in rows), default=0)
    type_width = max((len(_shown(type_)) for _, type_, _ in rows), default=0)
    for i, block in enumerate(blocks):
        name = f"lines-{i}"
        content = [
            Line(
                f"{text.ljust(title_width)}  {_shown(type_).ljust(type_width)}",
                "gradient rows" if backward else "rows",
            )
            for text, type_, backward in block.rows
        ]
        spoken = "; ".join(f"{text.strip()}, {type_}" for text, type_, _ in block.rows)
        boxes.append(Box(name, "lines", content, words.short(spoken, 400)))
        if block.loop:
            title = f"{block.number} · {block.loop}"
            frame = Cluster(f"program-{block.number}-{i}", title, [name], hue=block.hue)
            column.clusters.append(frame)
        else:
            column.boxes.append(name)
    return boxes, column


def _shown(told: str) -> str:
    """A type; in a picture, what has none lives only in its loop."""
    return "" if told == ONLY else told
