"""Writing a scene in DOT, Graphviz's language: with its words, for people and other programs, or
with nothing but its sizes, for Graphviz to find places in.

Everything a program named or computed goes through `html.escape`, so that it is shown as text and
nothing else.
"""

from __future__ import annotations

from html import escape

import graphviz

from viz.scene import Arrow, Cluster, Line, Raster, Scene
from viz.theme import LOOKS, blended, theme_named

__all__ = ["dot_source", "sizes_source"]

DIRECTIONS = {"flow": "back", "unused": "none"}
HURRIED_ABOVE = 150
HURRY = {"nslimit": "1", "nslimit1": "1", "mclimit": "0.5"}
"""For more boxes than this Graphviz looks less long for the best places: a pass of 700 boxes takes
it 1.1 s instead of 2.8."""

STRAIGHT_ABOVE = 10_000
"""Of arrows that together pass more boxes than this, finding curves around boxes would take most of
the time: 8 s of 10 for 385 boxes, half of which use one leaf. They become straight lines."""

SPACING = {"ranksep": "0.45", "nodesep": "0.25"}


def dot_source(scene: Scene, theme: str = "light") -> str:
    """The scene as DOT, to be drawn by any Graphviz."""
    return digraph(scene, theme).source


def digraph(scene: Scene, theme: str = "light") -> graphviz.Digraph:
    """The scene as an object of the graphviz package."""
    colours = theme_named(theme)
    picture = graphviz.Digraph(
        graph_attr={"rankdir": scene.direction, "bgcolor": colours["page"], **SPACING},
        node_attr={"shape": "box", "fontname": "Helvetica", "fontsize": "11"},
        edge_attr={"fontname": "Helvetica", "fontsize": "10", "arrowsize": "0.7"},
    )
    if scene.caption:
        picture.attr(label=_plain(scene.caption), fontname="Helvetica")
    for box in scene.boxes:
        look = LOOKS[box.kind]
        styles = [
            "filled",
            *(["rounded"] if look.corner else []),
            *(["dashed"] if look.dash else []),
        ]
        picture.node(
            box.id,
            label=_table(box.content, colours, scene.now),
            style=",".join(filter(None, styles)),
            fillcolor=blended(colours[box.kind], colours["alarm"], 0.25 * box.heat),
            color=colours[f"{box.kind}-edge"],
            penwidth=str(3.0 if scene.now == box.step and box.step else look.width),
            peripheries="2" if look.doubled else "1",
            tooltip=_plain(box.words),
        )
    _add_clusters(picture, scene.clusters, colours)
    for arrow in scene.arrows:
        picture.edge(arrow.source, arrow.target, **_arrow_attributes(arrow, colours, scene.now))
    return picture


def sizes_source(scene: Scene) -> str:
    """The scene as DOT with boxes of fixed sizes and no words; nothing depends on fonts."""
    picture = graphviz.Digraph(
        graph_attr={
            "rankdir": scene.direction,
            **SPACING,
            **_haste(scene),
        },
        node_attr={"shape": "box", "fixedsize": "true", "label": "", "margin": "0"},
        edge_attr={"arrowsize": "0.7"},
    )
    for box in scene.boxes:
        picture.node(box.id, width=_inches(box.width), height=_inches(box.height))
    _add_clusters(picture, scene.clusters, None)
    for arrow in scene.arrows:
        attributes = {"id": arrow.id, "dir": DIRECTIONS.get(arrow.kind, "forward")}
        if arrow.content:
            attributes["label"] = _room(arrow.width, arrow.height)
        picture.edge(arrow.source, arrow.target, **attributes)
    return picture.source


def _haste(scene: Scene) -> dict[str, str]:
    """What lets Graphviz finish in time with large scenes; nothing for others."""
    if len(scene.boxes) <= HURRIED_ABOVE:
        return {}
    place = {box.id: i for i, box in enumerate(scene.boxes)}
    passed = sum(abs(place[arrow.target] - place[arrow.source]) for arrow in scene.arrows)
    return HURRY | ({"splines": "line"} if passed > STRAIGHT_ABOVE else {})


def _add_clusters(
    picture: graphviz.Digraph, clusters: list[Cluster], colours: dict[str, str] | None
) -> None:
    for cluster in clusters:
        with picture.subgraph(name=f"cluster_{cluster.id}") as inner:
            if colours is None:
                inner.attr(label=_room(cluster.line.width, cluster.line.height), labeljust="l")
            else:
                inner.attr(
                    label=_plain(cluster.title), labeljust="l", style="rounded,filled",
                    fillcolor=colours[cluster.colour], color=colours[f"{cluster.colour}-edge"],
                    fontname="Helvetica", fontsize="10", fontcolor=colours["quiet"],
                )  # fmt: skip
            for name in cluster.boxes:
                inner.node(name)
            _add_clusters(inner, cluster.clusters, colours)


def _arrow_attributes(arrow: Arrow, colours: dict[str, str], now: int | None) -> dict[str, str]:
    attributes = {"tooltip": _plain(arrow.words)} if arrow.words else {}
    if arrow.content:
        attributes["label"] = _table(arrow.content, colours, now)
    if arrow.kind == "unused":
        return attributes | {"style": "dashed", "color": colours["unused"], "arrowhead": "none"}
    if arrow.kind == "flow":
        later = now is not None and arrow.step > now
        return attributes | {"dir": "back", "color": colours["later" if later else "gradient"]}
    return attributes | {"color": colours["edge"]}


def _table(content: object, colours: dict[str, str], now: int | None) -> str:
    """Lines as an HTML-like label; what a frame does not show yet keeps its place, unseen."""
    rows = ""
    for part in content:  # type: ignore[attr-defined]
        if isinstance(part, Raster):
            part = Line(part.words, "quiet", part.step)
        shown = now is None or part.step <= now
        text = _text(part.text)
        if part.font.bold:
            text = f"<b>{text}</b>"
        colour = colours[part.font.colour] if shown else "transparent"
        rows += f'<tr><td align="left"><font color="{colour}">{text}</font></td></tr>'
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{rows}</table>>'


def _room(width: float, height: float) -> str:
    """A label that takes up room and shows nothing."""
    return (
        f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="0" fixedsize="true" '
        f'width="{width:.0f}" height="{height:.0f}"><tr><td></td></tr></table>>'
    )


def _inches(points: float) -> str:
    return f"{points / 72:.4f}"


def _text(text: str) -> str:
    # Graphviz collapses spaces in labels; these keep columns of numbers aligned.
    return escape(text).replace(" ", "\u00a0") or " "


def _plain(text: str) -> str:
    """Text for an attribute that is no label, where backslashes would start an escape."""
    return escape(text.replace("\\", "\\\\"))
