"""Two things side by side: a graph, which Graphviz places, and a column of lines to its right."""

from __future__ import annotations

from viz.layout import MARGIN, Layout, place
from viz.scene import Cluster, Scene

__all__ = ["beside"]

GAP = 12.0
TITLE = 24.0
"""The room for the title of a frame."""

INSIDE = 8.0
"""Between a frame and what is in it."""


def beside(scene: Scene) -> Layout:
    """Places for a scene of two clusters: the first is a graph, the second a column of boxes.

    Raises:
        RuntimeError: there is no Graphviz at all.
    """
    graph, column = scene.clusters
    shown = {name for cluster in graph.walk() for name in cluster.boxes}
    left = Scene(
        scene.title, scene.direction, [box for box in scene.boxes if box.id in shown],
        scene.arrows, [graph],
    )  # fmt: skip
    layout = place(left)
    _stack(scene, column, layout)
    return layout


def _stack(scene: Scene, column: Cluster, layout: Layout) -> None:
    """Put the boxes of a column below each other, in the frames they belong to."""
    frames = {name: frame for frame in column.clusters for name in frame.boxes}
    inside = {*column.boxes, *frames}
    boxes = [box for box in scene.boxes if box.id in inside]
    _, north, edge, _ = layout.clusters[scene.clusters[0].id]
    west = edge + GAP
    widths = [box.width + 2 * INSIDE for box in boxes]
    widths += [cluster.line.width + 2 * INSIDE for cluster in column.walk()]
    east = west + max(widths) + 2 * INSIDE
    y = north + TITLE
    for box in boxes:
        frame = frames.get(box.id)
        top = y
        if frame is not None:
            y += TITLE
        layout.boxes[box.id] = (
            round(west + 2 * INSIDE + box.width / 2, 2),
            round(y + box.height / 2, 2),
        )
        y += box.height
        if frame is not None:
            y += INSIDE
            layout.clusters[frame.id] = (west + INSIDE, top, round(east - INSIDE, 2), round(y, 2))
        y = round(y + INSIDE, 2)
    layout.clusters[column.id] = (west, north, round(east, 2), y)
    layout.width = round(east + MARGIN, 2)
    layout.height = max(layout.height, y + MARGIN)
