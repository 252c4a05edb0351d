"""Drawing a placed scene as SVG: one picture, one frame of a backward pass, or all of its frames
as an animation.

Each box, arrow and cluster is a group with the id it has in the collected graph, a class that
names its kind, and a title for readers who listen or point. Colours are attributes, which the
style sheet of a page may override. What a frame does not show yet is not in the file.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from math import ceil, hypot

from viz.layout import Layout, Point
from viz.scene import PADDING_X, PADDING_Y, Arrow, Box, Cluster, Line, Raster, Scene
from viz.theme import LOOKS, blended, theme_named

__all__ = ["svg_source"]

SANS = "'Liberation Sans', Arial, Helvetica, sans-serif"
MONOSPACE = "'Liberation Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
ARROWHEAD = 7.0
MARK_COLOURS = {"added": "added", "removed": "removed"}
PAUSE = 3
"""How many steps long an animation rests on its last frame."""


def svg_source(
    scene: Scene,
    layout: Layout,
    theme: str = "light",
    seconds: float | None = None,
    prefix: str = "",
) -> str:
    """The picture as SVG; animated where ``seconds``, the time for one step, is given.

    ``prefix`` begins every id, for a page with several pictures.
    """
    colours = theme_named(theme)
    drawing = _Drawing(scene, layout, colours, seconds, prefix)
    caption = [Line(text, "quiet") for text in scene.caption.splitlines()]
    width = ceil(max([layout.width, *(line.width + 16 for line in caption)]))
    bottom = layout.height + sum(line.height for line in caption)
    height = ceil(bottom + (7 if caption else 0))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="{escape(scene.title)}">',
        f"<title>{escape(scene.title)}</title>",
        f"<desc>{escape(_prose(scene))}</desc>",
        f'<rect class="page" width="100%" height="100%" fill="{colours["page"]}"/>',
        f'<g font-family="{SANS}">',
        *(drawing.cluster(cluster) for cluster in scene.all_clusters()),
        *(drawing.arrow(arrow) for arrow in scene.arrows),
        *(drawing.tab(cluster) for cluster in scene.all_clusters()),
        *(drawing.box(box) for box in scene.boxes),
        *(
            drawing.text(line, 8, bottom - (len(caption) - 1 - place) * line.height - 3, 0)
            for place, line in enumerate(caption)
        ),
        "</g>",
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


HALO = 'stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
"""Around text that lines may run through."""


class _Drawing:
    """Draws the parts of one scene, each as a string of SVG."""

    def __init__(
        self,
        scene: Scene,
        layout: Layout,
        colours: dict[str, str],
        seconds: float | None,
        prefix: str,
    ) -> None:
        self.prefix = prefix
        self.layout, self.colours, self.now, self.seconds = layout, colours, scene.now, seconds
        self.steps = max((box.step for box in scene.boxes), default=0)

    def cluster(self, cluster: Cluster) -> str:
        if cluster.id not in self.layout.clusters:
            return ""
        west, north, east, south = self.layout.clusters[cluster.id]
        return (
            f'<g class="{cluster.classes}" id="{self.prefix}{cluster.id}">'
            f"<title>{escape(cluster.title)}</title>"
            f'<rect x="{west}" y="{north}" width="{east - west:.2f}" height="{south - north:.2f}" '
            f'rx="8" fill="{self.colours[cluster.colour]}" '
            f'stroke="{self.colours[f"{cluster.colour}-edge"]}"/></g>'
        )

    def tab(self, cluster: Cluster) -> str:
        """The title of a cluster: above the arrows, in a halo, so that none crosses it."""
        if cluster.id not in self.layout.clusters:
            return ""
        west, north, _, _ = self.layout.clusters[cluster.id]
        fill = self.colours[cluster.colour]
        return (
            f'<g class="tab {cluster.colour}" stroke="{fill}" {HALO}>'
            f"{self.text(cluster.line, west + 8, north + 15, 0)}</g>"
        )

    def box(self, box: Box) -> str:
        look = LOOKS[box.kind]
        x, y = self.layout.boxes[box.id]
        left, top = x - box.width / 2, y - box.height / 2
        fill, edge = self.colours[box.kind], self.colours[f"{box.kind}-edge"]
        if box.heat:
            fill = blended(fill, self.colours["alarm"], 0.25 * box.heat)
        dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
        width = look.width
        if box.mark and (self.now is None or box.step <= self.now):
            edge, width = self.colours[MARK_COLOURS.get(box.mark, "alarm")], 3.0
            dash = {"removed": ' stroke-dasharray="8 4"', "added": ""}.get(box.mark, dash)
        outline = f'rx="{look.corner}" stroke="{edge}" stroke-width="{width}"{dash}'
        inside = f'class="outer" fill="{fill}" {outline}'
        parts = [_rectangle(left, top, box.width, box.height, inside)]
        if look.doubled:
            inner = (left + 3, top + 3, box.width - 6, box.height - 6)
            parts.append(_rectangle(*inner, f'fill="none" {outline}'))
        parts.append(self._spotlight(box, left, top))
        parts.append(self._content(box.content, left + PADDING_X, top + PADDING_Y))
        classes = " ".join(filter(None, ["box", box.kind, box.mark]))
        step = f' data-step="{box.step}"' if box.step else ""
        return (
            f'<g class="{classes}" id="{self.prefix}{box.id}"{step}>'
            f"<title>{escape(box.words)}</title>{''.join(parts)}</g>"
        )

    def _spotlight(self, box: Box, left: float, top: float) -> str:
        """A thick outline around the box where the current step takes place."""
        if not box.step or (self.seconds is None and self.now != box.step):
            return ""
        look = f'class="now" fill="none" rx="8" stroke="{self.colours["gradient"]}"'
        outline = _rectangle(
            left - 3, top - 3, box.width + 6, box.height + 6, f'{look} stroke-width="3"'
        )
        if self.seconds is None:
            return outline
        shown = self._appearing(box.step, box.step + 1 if box.step < self.steps else None)
        return outline.replace("/>", f' opacity="0">{shown}</rect>')

    def _content(self, content: Sequence[Line | Raster], x: float, y: float) -> str:
        parts = []
        for part in content:
            if isinstance(part, Raster):
                parts.append(self._image(part, x, y + 2))
            else:
                parts.append(self.text(part, x, y + 0.76 * part.height, part.step))
            y += part.height
        return "".join(parts)

    def text(self, line: Line, x: float, y: float, step: int) -> str:
        """One line of text; nothing where the frame does not show its step yet."""
        if self.now is not None and step > self.now:
            return ""
        font, shown, words = line.font, line.text, ""
        if font.monospace:
            words += f' font-family="{MONOSPACE}"'
            shown = shown.replace(" ", "\u00a0")
        if font.bold:
            words += ' font-weight="bold"'
        return (
            f'<text class="{font.colour}" x="{x:.2f}" y="{y:.2f}" font-size="{font.size:g}" '
            f'fill="{self.colours[font.colour]}"{words}{self._step(step)}>{escape(shown)}'
            f"{self._appears(step)}</text>"
        )

    def _image(self, raster: Raster, x: float, y: float) -> str:
        if self.now is not None and raster.step > self.now:
            return ""
        data = b64encode(raster.png).decode()
        return (
            f'<image x="{x:.2f}" y="{y:.2f}" width="{raster.width:g}" '
            f'height="{raster.height - 4:g}" preserveAspectRatio="none" '
            f'image-rendering="optimizeSpeed" style="image-rendering:pixelated"'
            f'{self._step(raster.step)} href="data:image/png;base64,{data}">'
            f"<title>{escape(raster.words)}</title>{self._appears(raster.step)}</image>"
        )

    def arrow(self, arrow: Arrow) -> str:
        path = self.layout.paths[arrow.id]
        later = self.now is not None and arrow.step > self.now
        role = {"flow": "later" if later else "gradient", "unused": "unused"}.get(
            arrow.kind, "edge"
        )
        colour = self.colours[MARK_COLOURS.get(arrow.mark, role)]
        dash = ' stroke-dasharray="5 3"' if "unused" in (arrow.kind, role) else ""
        if arrow.mark == "removed":
            dash = ' stroke-dasharray="8 4"'
        parts = [f'<path class="line" d="{_curve(path)}" fill="none" stroke="{colour}"{dash}/>']
        if arrow.kind != "unused" and arrow.id in self.layout.tips:
            base = path[0] if arrow.kind == "flow" else path[-1]
            head = _head(base, self.layout.tips[arrow.id])
            parts.append(f'<path class="head" d="{head}" fill="{colour}"/>')
        if arrow.content:
            x, y = self.layout.labels[arrow.id]
            left, top = x - arrow.width / 2 + 4, y - arrow.height / 2 + 2
            halo = f'stroke="{self.colours["page"]}" {HALO}'
            parts.append(f'<g class="label" {halo}>{self._content(arrow.content, left, top)}</g>')
        title = f"<title>{escape(arrow.words)}</title>" if arrow.words else ""
        classes = " ".join(filter(None, ["arrow", arrow.kind, arrow.mark]))
        return (
            f'<g class="{classes}" id="{self.prefix}{arrow.id}" '
            f'data-from="{self.prefix}{arrow.source}" data-to="{self.prefix}{arrow.target}"'
            f"{self._step(arrow.step)}>{title}"
            f"{''.join(parts)}</g>"
        )

    def _step(self, step: int) -> str:
        return f' data-step="{step}"' if step else ""

    def _appears(self, step: int) -> str:
        return self._appearing(step) if step and self.seconds is not None else ""

    def _appearing(self, step: int, until: int | None = None) -> str:
        """An animation that shows its parent from a step on, over and over."""
        assert self.seconds is not None
        length = self.steps + PAUSE
        moments, values = [0.0, (step - 1) / length], [0, 1]
        if step == 1:
            moments, values = [0.0], [1]
        if until is not None:
            moments, values = [*moments, (until - 1) / length], [*values, 0]
        return (
            f'<animate attributeName="opacity" calcMode="discrete" repeatCount="indefinite" '
            f'dur="{length * self.seconds:g}s" values="{";".join(map(str, values))}" '
            f'keyTimes="{";".join(f"{moment:.4g}" for moment in moments)}"/>'
        )


def _prose(scene: Scene) -> str:
    """The picture in words, for readers who listen: each box in order."""
    shown = (box for box in scene.boxes if scene.now is None or box.step <= scene.now)
    return " ".join(f"{box.words}." for box in shown)


def _rectangle(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" {look}/>'


def _curve(points: list[Point]) -> str:
    """A path of Bezier curves through every third point."""
    (x, y), rest = points[0], points[1:]
    return f"M{x:g} {y:g}C" + " ".join(f"{x:g} {y:g}" for x, y in rest)


def _head(base: Point, tip: Point) -> str:
    """A triangle that points from ``base`` to ``tip``."""
    dx, dy = tip[0] - base[0], tip[1] - base[1]
    length = hypot(dx, dy) or 1.0
    dx, dy = ARROWHEAD * dx / length, ARROWHEAD * dy / length
    x, y = tip[0] - dx, tip[1] - dy
    side_x, side_y = -0.38 * dy, 0.38 * dx
    return (
        f"M{tip[0]:g} {tip[1]:g}L{x + side_x:.2f} {y + side_y:.2f} "
        f"{x - side_x:.2f} {y - side_y:.2f}z"
    )
