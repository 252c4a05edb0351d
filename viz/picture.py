"""Picture: what `viz.graph`, `viz.grad_fn` and `viz.backward` return."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import networkx as nx

from viz import terminal
from viz.dot import dot_source
from viz.layout import Layout, place
from viz.player import page
from viz.render import pdf_of, png_of, write_file
from viz.scene import Scene
from viz.svg import svg_source
from viz.theme import theme_named

__all__ = ["Picture", "watch_printing"]

_watchers: list[Callable[[Picture], object]] = []


@contextmanager
def watch_printing(watcher: Callable[[Picture], object]) -> Iterator[None]:
    """Call ``watcher`` with each picture that becomes text, as by ``print(viz.graph(x))``.

    Whoever runs a program and collects what it prints can have the pictures as well.

    >>> import autodiff as ad, viz
    >>> x, seen = ad.Scalar(3.0), []
    >>> with watch_printing(seen.append):
    ...     print(viz.graph(x))
    x  leaf  3.0
    >>> len(seen)
    1
    """
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


class Picture:
    """A picture that prints as text, shows itself in a notebook, and saves by file ending.

    >>> import autodiff as ad, viz
    >>> x = ad.Scalar(3.0)
    >>> picture = viz.graph(x * x)
    >>> print(picture)
    #1 = x * x          9.0
    └─ x  (used twice)  leaf  3.0
    >>> picture.networkx().number_of_edges()
    2
    """

    formats: tuple[str, ...] = ("svg", "png", "pdf", "html", "dot", "txt")

    def __init__(
        self,
        graph: nx.MultiDiGraph,
        to_scene: Callable[[nx.MultiDiGraph], Scene],
        to_text: Callable[[nx.MultiDiGraph, int], str],
        theme: str = "light",
        to_layout: Callable[[Scene], Layout] = place,
    ) -> None:
        theme_named(theme)
        self._graph, self._to_scene, self._to_text, self.theme = graph, to_scene, to_text, theme
        self._to_layout = to_layout

    def text(self, width: int = 80) -> str:
        """The picture as text of at most ``width`` columns where possible."""
        return self._to_text(self._graph, width)

    @cached_property
    def scene(self) -> Scene:
        """The picture in words and sizes: see `viz.scene`."""
        return self._to_scene(self._graph)

    @cached_property
    def layout(self) -> Layout:
        """Where everything is placed, as a rule by Graphviz.

        Raises:
            RuntimeError: there is no Graphviz at all.
        """
        return self._to_layout(self.scene)

    @cached_property
    def dot(self) -> str:
        """The picture as DOT, Graphviz's language."""
        return dot_source(self.scene, self.theme)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG. The same picture has the same bytes on every machine."""
        return svg_source(self.scene, self.layout, self.theme)

    @property
    def png(self) -> bytes:
        """The picture as a PNG file."""
        return png_of(self.svg, self.layout.width, self.layout.height)

    @property
    def html(self) -> str:
        """The picture as a page to move about and enlarge, in one file that needs no network."""
        return page(self._graph, self.scene, self.layout, self.theme)

    def embedded(self, prefix: str) -> str:
        """The picture as a part of a page that has the style sheet of `viz.player.picture_css`.

        ``prefix`` begins every id in it, so that a page can hold several pictures.
        """
        return svg_source(self.scene, self.layout, prefix=prefix)

    def themed(self, theme: str) -> Picture:
        """The same picture in another theme: "light", "dark" or "print".

        Raises:
            ValueError: there is no theme of that name.
        """
        return Picture(self._graph, self._to_scene, self._to_text, theme, self._to_layout)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file; its ending says how: .svg, .png, .pdf, .html, .dot or .txt.

        Raises:
            ValueError: another ending.
            OSError: the folder is missing or cannot be written to.
            RuntimeError: there is no Graphviz at all; text and DOT work without it.
        """
        ending = Path(path).suffix.lower().removeprefix(".")
        if ending not in self.formats:
            known = ", ".join(f".{ending}" for ending in self.formats)
            raise ValueError(
                f"cannot save a picture as {os.fspath(path)!r}: unknown format {ending!r}.\n"
                f"  Fix: end the file's name with one of {known}."
            )
        write_file(path, self._encoded(ending))

    def _encoded(self, ending: str) -> bytes:
        match ending:
            case "txt":
                return (self.text() + "\n").encode()
            case "dot":
                return self.dot.encode()
            case "png":
                return self.png
            case "html":
                return self.html.encode()
            case "pdf":
                return pdf_of(self.svg)
        return self.svg.encode()

    def show(self) -> None:
        """Print the picture: as an image in a terminal that shows images, else as text."""
        terminal.show(self)

    def networkx(self) -> nx.MultiDiGraph:
        """The graph behind the picture: a copy, with plain attributes on nodes and edges."""
        return self._graph.copy()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = {"text/plain": self.text()}
        try:
            bundle["image/svg+xml"] = self.svg
        except RuntimeError as error:  # without Graphviz a notebook still shows the text
            bundle["text/plain"] += f"\n\n{error}"
        return bundle

    def __str__(self) -> str:
        for watcher in _watchers:
            watcher(self)
        return self.text()

    def __repr__(self) -> str:
        return self.text()
