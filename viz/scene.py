"""The scene: everything a picture shows, in words and sizes, before it has places or colours.

`viz.draw` makes scenes from collected graphs. `viz.dot` writes them for Graphviz, which places the
boxes, and `viz.svg` draws them. All sizes are in points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from viz.metrics import text_width

__all__ = ["Arrow", "Box", "Cluster", "FONTS", "Font", "HUES", "Line", "Raster", "Scene"]

PADDING_X, PADDING_Y = 8, 6

HUES = 6
"""How many tints a theme has for clusters that are to be told apart."""


@dataclass(frozen=True)
class Font:
    """How lines of one role are set: the role of their colour, size, height, weight, kind."""

    colour: str
    size: float
    height: float
    bold: bool = False
    monospace: bool = False


FONTS = {
    "title": Font("text", 11, 15, bold=True),
    "value": Font("text", 11, 14.5),
    "rows": Font("text", 10, 13, monospace=True),
    "quiet": Font("quiet", 10, 13),
    "gradient": Font("gradient", 11, 14.5),
    "gradient rows": Font("gradient", 10, 13, monospace=True),
    "alarm": Font("alarm", 11, 14.5, bold=True),
    "changed": Font("alarm", 11, 14.5),
    "quiet rows": Font("quiet", 10, 13, monospace=True),
    "removed": Font("removed", 11, 14.5, bold=True),
    "added": Font("added", 11, 14.5, bold=True),
}
"""The roles a line can have."""


@dataclass(frozen=True)
class Line:
    """A line of text; a frame of a backward pass shows it from its ``step`` on."""

    text: str
    role: str = "value"
    step: int = 0

    @property
    def font(self) -> Font:
        return FONTS[self.role]

    @property
    def width(self) -> float:
        return text_width(self.text, self.font.size, self.font.bold, self.font.monospace)

    @property
    def height(self) -> float:
        return self.font.height


@dataclass(frozen=True)
class Raster:
    """A heat map or an image: a PNG file of ``columns`` x ``rows`` pixels, drawn enlarged."""

    png: bytes
    columns: int
    rows: int
    words: str
    step: int = 0

    @property
    def scale(self) -> float:
        return min(8.0, max(2.0, 72 / max(self.columns, self.rows)))

    @property
    def width(self) -> float:
        return self.columns * self.scale

    @property
    def height(self) -> float:
        return self.rows * self.scale + 4


@dataclass(frozen=True)
class Box:
    """A node: its kind (see `viz.theme.LOOKS`), its content, and ordered prose about it.

    ``heat``, from 0 to 1, blends the colour of alarms into the fill.
    """

    id: str
    kind: str
    content: Sequence[Line | Raster]
    words: str
    step: int = 0
    mark: str = ""
    heat: float = 0.0

    @property
    def width(self) -> float:
        widest = max((part.width for part in self.content), default=0)
        return round(max(widest, 24) + 2 * PADDING_X, 1)

    @property
    def height(self) -> float:
        return round(sum(part.height for part in self.content) + 2 * PADDING_Y, 1)


@dataclass(frozen=True)
class Arrow:
    """An edge from an operand to what uses it.

    ``kind``: "data" for a value that flows forward; "flow" for a gradient, whose arrow points
    back; "unused" where no gradient flows; "calls" for a link of ``next_functions``.
    """

    id: str
    source: str
    target: str
    kind: str = "data"
    content: Sequence[Line] = ()
    words: str = ""
    step: int = 0
    mark: str = ""

    @property
    def width(self) -> float:
        return round(max(line.width for line in self.content) + 8, 1) if self.content else 0

    @property
    def height(self) -> float:
        return round(sum(line.height for line in self.content) + 4, 1) if self.content else 0


@dataclass
class Cluster:
    """A module and what was computed in it; clusters nest. ``hue``: which of the theme's tints."""

    id: str
    title: str
    boxes: list[str] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)
    hue: int | None = None

    @property
    def colour(self) -> str:
        """The theme's colour to fill it with; its outline has that name with ``-edge``."""
        return "cluster" if self.hue is None else f"hue{self.hue % HUES}"

    @property
    def classes(self) -> str:
        """Its classes for a style sheet."""
        return "cluster" if self.hue is None else f"cluster {self.colour}"

    @property
    def line(self) -> Line:
        return Line(self.title, "quiet" if self.hue is None else "title")

    def walk(self) -> Iterator[Cluster]:
        """This cluster and all those inside of it, the outer ones first."""
        yield self
        for cluster in self.clusters:
            yield from cluster.walk()


@dataclass
class Scene:
    """A whole picture. ``direction`` is Graphviz's rankdir; ``now`` the step a frame shows."""

    title: str
    direction: str
    boxes: list[Box]
    arrows: list[Arrow]
    clusters: list[Cluster]
    caption: str = ""
    now: int | None = None

    def all_clusters(self) -> Iterator[Cluster]:
        for cluster in self.clusters:
            yield from cluster.walk()
