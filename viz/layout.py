"""Finding places: Graphviz's ``dot`` gives each box, arrow, label and cluster its place."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field

from viz.dot import sizes_source
from viz.scene import Scene

__all__ = ["Layout", "place"]

Point = tuple[float, float]
MARGIN = 8


@dataclass
class Layout:
    """Places in points from the top left corner: centres of boxes and labels, paths of arrows."""

    width: float
    height: float
    boxes: dict[str, Point] = field(default_factory=dict)
    paths: dict[str, list[Point]] = field(default_factory=dict)
    tips: dict[str, Point] = field(default_factory=dict)
    labels: dict[str, Point] = field(default_factory=dict)
    clusters: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)


def place(scene: Scene) -> Layout:
    """Where everything goes.

    Raises:
        RuntimeError: there is no Graphviz at all.
    """
    drawn = json.loads(_run_dot(sizes_source(scene)))
    left, bottom, right, top = _numbers(drawn["bb"])
    layout = Layout(right - left + 2 * MARGIN, top - bottom + 2 * MARGIN)

    def point(text: str) -> Point:
        x, y = _numbers(text)
        return round(x - left + MARGIN, 2), round(top - y + MARGIN, 2)

    for item in drawn.get("objects", []):
        if item["name"].startswith("cluster_") and "bb" in item:
            x0, y0, x1, y1 = _numbers(item["bb"])
            (west, north), (east, south) = point(f"{x0},{y1}"), point(f"{x1},{y0}")
            layout.clusters[item["name"].removeprefix("cluster_")] = (west, north, east, south)
        elif "pos" in item:
            layout.boxes[item["name"]] = point(item["pos"])
    for edge in drawn.get("edges", []):
        name = edge["id"]
        path = []
        for part in edge["pos"].split():
            if part[0] in "es":
                layout.tips[name] = point(part[2:])
            else:
                path.append(point(part))
        layout.paths[name] = path
        if "lp" in edge:
            layout.labels[name] = point(edge["lp"])
    return layout


def _numbers(text: str) -> list[float]:
    return [float(number) for number in re.split("[, ]", text)]


def _run_dot(source: str) -> bytes:
    """Graphviz's JSON for ``source``: from the library in pygraphviz, or the system's ``dot``."""
    try:
        import pygraphviz
    except ImportError as error:
        return _run_system_dot(source, error)
    graph = pygraphviz.AGraph(string=source)
    try:
        return graph.draw(format="json0", prog="dot")
    finally:
        graph.close()


def _run_system_dot(source: str, missing: ImportError) -> bytes:
    dot = shutil.which("dot")
    if dot is None:
        raise RuntimeError(
            "drawing needs Graphviz, and there is none here.\n"
            f"  Why: there is no `dot` program, and pygraphviz does not load: {missing}.\n"
            "  Fix: pip install pygraphviz, or, on a bare Linux, apt install graphviz; "
            "text and DOT work without it: print(picture), picture.save('x.dot')."
        )
    done = subprocess.run([dot, "-Tjson0"], input=source.encode(), capture_output=True, check=True)
    return done.stdout
