"""What a backward pass of DistributedDataParallel averaged over all processes, and when: a timeline
with the backward pass on top and a bar for each bucket of gradients under it.
"""

from __future__ import annotations

from functools import cached_property
from html import escape
from math import floor, log10
from typing import Any

import networkx as nx

from viz.metrics import text_width
from viz.picture import Picture
from viz.render import png_of
from viz.scene import Scene
from viz.svg import SANS
from viz.theme import blended, theme_named
from viz.words import duration, short, size

__all__ = ["Timeline", "reductions"]

LEFT, CHART, RIGHT, ROW, TOP = 104, 420, 12, 34, 66
"""Points: the names of the rows, the time axis, the margin, a row, and what is above the rows."""

LEGEND = "a tick: one more gradient is complete; the dashed part: waiting for buckets"

NAMES = 76
"""How many characters the parameters of a bucket may take."""


class Timeline(Picture):
    """What `viz.reductions` returns: a row for the backward pass, and one for each bucket.

    >>> from autodiff.nn.parallel.reducer import BucketRecord, Reductions
    >>> bucket = BucketRecord(["weight"], nbytes=800, started=0.25, finished=0.5)
    >>> print(Timeline(Reductions(ranks=2, buckets=[bucket], waited=0.375, ended=0.5), "light"))
    backward  =====================================.............  500 ms
    bucket 0                           #########################  800 B
              weight
    <BLANKLINE>
    800 B in 1 bucket, averaged over 2 processes; 50% of their way lies within the backward pass
    """

    formats = ("svg", "png", "pdf", "txt")

    def __init__(self, record: Any, theme: str) -> None:
        graph = nx.MultiDiGraph()
        for i, bucket in enumerate(record.buckets):
            graph.add_node(f"bucket {i}", **vars(bucket))
        super().__init__(graph, _no_scene, lambda graph, width: _told(record, width), theme)
        self.record = record

    def themed(self, theme: str) -> Timeline:
        """The same picture in another theme: "light", "dark" or "print"."""
        return Timeline(self.record, theme)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG."""
        return _Drawing(self.record, theme_named(self.theme)).svg()

    @property
    def png(self) -> bytes:
        """The picture as a PNG file."""
        drawing = _Drawing(self.record, theme_named(self.theme))
        return png_of(self.svg, drawing.width, drawing.height)


def reductions(model: Any, *, theme: str = "light") -> Timeline:
    """What the last backward pass of a model averaged over all processes, when, and how much.

    Args:
        model: a `DistributedDataParallel`, after a backward pass.
        theme: "light", "dark" or "print".

    Raises:
        ValueError: there was no such pass.

    >>> import autodiff as ad, viz
    >>> viz.reductions(ad.nn.Linear(2, 1))
    Traceback (most recent call last):
    ValueError: there is nothing to show of this Linear: it has reduced no gradients...
    """
    record = getattr(model, "reductions", None)
    if record is None:
        raise ValueError(
            f"there is nothing to show of this {type(model).__name__}: it has reduced no gradients."
            "\n  Fix: wrap the model in nn.parallel.DistributedDataParallel, and call backward() "
            "first."
        )
    return Timeline(record, theme)


def hidden_share(record: Any) -> float:
    """How much of the time in which buckets were on their way the backward pass went on."""
    hidden = whole = reached = 0.0
    for bucket in record.buckets:  # they start one after the other
        start = max(bucket.started, reached)
        reached = max(bucket.finished, reached)
        whole += reached - start
        hidden += max(min(reached, record.waited) - start, 0.0)
    return hidden / whole if whole else 0.0


def summary(record: Any) -> str:
    """The picture in one sentence."""
    total = size(sum(bucket.nbytes for bucket in record.buckets))
    count = len(record.buckets)
    return (
        f"{total} in {count} bucket{'s' * (count > 1)}, averaged over {record.ranks} processes; "
        f"{hidden_share(record):.0%} of their way lies within the backward pass"
    )


def _told(record: Any, width: int) -> str:
    """The timeline in characters."""
    columns = max(width - 30, 20)
    scale = columns / (record.ended or 1.0)

    def bar(start: float, end: float, filled: str) -> str:
        first, last = int(start * scale), max(int(end * scale), int(start * scale) + 1)
        return (" " * first + filled * (last - first))[:columns].ljust(columns)

    pass_bar = bar(0.0, record.waited, "=").rstrip() + "." * columns
    lines = [f"{'backward':10}{pass_bar[:columns]}  {duration(record.ended)}"]
    for i, bucket in enumerate(record.buckets):
        drawn = bar(bucket.started, bucket.finished, "#")
        lines.append(f"{f'bucket {i}':10}{drawn}  {size(bucket.nbytes)}")
        lines.append(f"{'':10}{short(', '.join(bucket.names), max(width - 10, 20))}")
    return "\n".join([*lines, "", summary(record)])


def _round_step(seconds: float) -> float:
    """The distance of three to seven marks on an axis: 1, 2 or 5 times a power of ten.

    >>> _round_step(0.00335), _round_step(9.0)
    (0.001, 2.0)
    """
    power = 10.0 ** floor(log10((seconds or 1.0) / 3))
    return power * max(digit for digit in (1, 2, 5) if digit * power * 3 <= (seconds or 1.0))


def _no_scene(graph: nx.MultiDiGraph) -> Scene:
    raise NotImplementedError("a timeline has a time axis, and no boxes for Graphviz to place")


class _Drawing:
    """Draws one record, row by row."""

    def __init__(self, record: Any, colours: dict[str, str]) -> None:
        self.record, self.colours = record, colours
        self.scale = CHART / (record.ended or 1.0)
        self.height = TOP + ROW * (1 + len(record.buckets)) + 44
        named = max((text_width(self._names(b), 9) for b in record.buckets), default=0)
        self.width = LEFT + max(CHART, named, text_width(summary(record), 10)) + RIGHT

    def svg(self) -> str:
        taken = duration(self.record.ended)
        title = f"gradients averaged over {self.record.ranks} processes, in {taken}"
        rows = [self._backward(TOP)]
        for i, bucket in enumerate(self.record.buckets):
            rows.append(self._bucket(TOP + ROW * (i + 1), i, bucket))
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:.0f}" '
                f'height="{self.height:.0f}" viewBox="0 0 {self.width:.2f} {self.height:.2f}" '
                f'role="img" aria-label="{escape(title)}">',
                f"<title>{escape(title)}</title>",
                f"<desc>{escape(summary(self.record))}</desc>",
                f'<rect class="page" width="100%" height="100%" fill="{self.colours["page"]}"/>',
                f'<g font-family="{SANS}">',
                self._text(10, 20, title, 12, "text", bold=True),
                self._axis(),
                *rows,
                self._text(10, self.height - 24, summary(self.record), 10, "quiet"),
                self._text(10, self.height - 10, LEGEND, 10, "quiet"),
                "</g>",
                "</svg>",
                "",
            ]
        )

    def _axis(self) -> str:
        """Lines at round times, from the first gradient on."""
        parts = []
        step = _round_step(self.record.ended)
        for i in range(int(self.record.ended / step) + 1):
            x = LEFT + i * step * self.scale
            text = duration(i * step) if i else "0"
            left = x - text_width(text, 9) / 2 * bool(i)
            parts.append(
                f'<path d="M{x:.2f} {TOP - 14}V{self.height - 44}" '
                f'stroke="{self.colours["later"]}" stroke-width="0.7"/>'
            )
            parts.append(self._text(left, TOP - 20, text, 9, "quiet"))
        return "".join(parts)

    def _backward(self, y: float) -> str:
        """The pass with a tick for each gradient, and the wait for the rest of the buckets."""
        record = self.record
        last = record.waited
        parts = [
            self._text(10, y + 13, "backward", 11, "text", bold=True),
            self._bar(y, 0.0, last, "op", "the backward pass computes gradients"),
            self._bar(y, last, record.ended, "constant", "waiting for buckets", "4 2"),
        ]
        for name, seconds in record.ready:
            x = LEFT + seconds * self.scale
            parts.append(
                f'<path d="M{x:.2f} {y}v18" stroke="{self.colours["gradient"]}">'
                f"<title>{escape(name)}: its gradient is complete</title></path>"
            )
        return f'<g class="row backward">{"".join(parts)}</g>'

    def _bucket(self, y: float, i: int, bucket: Any) -> str:
        told = f"bucket {i}: {size(bucket.nbytes)}, on its way for " + duration(
            bucket.finished - bucket.started
        )
        parts = [
            self._text(10, y + 11, f"bucket {i}", 11, "text"),
            self._text(10, y + 23, size(bucket.nbytes), 9, "quiet"),
            self._bar(y, bucket.started, bucket.finished, "module", told),
            self._text(LEFT, y + 28, self._names(bucket), 9, "quiet"),
        ]
        return f'<g class="row bucket">{"".join(parts)}</g>'

    def _bar(
        self, y: float, start: float, end: float, kind: str, words: str, dash: str = ""
    ) -> str:
        x, width = LEFT + start * self.scale, max((end - start) * self.scale, 1.5)
        edge = self.colours[f"{kind}-edge"]
        fill = blended(self.colours[kind], edge, 0.35) if kind == "module" else self.colours[kind]
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        return (
            f'<rect x="{x:.2f}" y="{y}" width="{width:.2f}" height="18" rx="3" fill="{fill}" '
            f'stroke="{edge}"{dashes}><title>{escape(words)}</title></rect>'
        )

    def _names(self, bucket: Any) -> str:
        return short(", ".join(bucket.names), NAMES)

    def _text(
        self, x: float, y: float, text: str, points: float, role: str, bold: bool = False
    ) -> str:
        weight = ' font-weight="bold"' if bold else ""
        return (
            f'<text class="{role}" x="{x:.2f}" y="{y:.2f}" font-size="{points}"{weight} '
            f'fill="{self.colours[role]}">{escape(text)}</text>'
        )
