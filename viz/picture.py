"""Picture: what `viz.graph`, `viz.grad_fn` and `viz.backward` return."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import networkx as nx

from viz.render import FORMATS, render, write_file

__all__ = ["Picture"]


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

    def __init__(
        self,
        graph: nx.MultiDiGraph,
        to_dot: Callable[[nx.MultiDiGraph], str],
        to_text: Callable[[nx.MultiDiGraph, int], str],
    ) -> None:
        self._graph, self._to_dot, self._to_text = graph, to_dot, to_text
        self._dot: str | None = None

    def text(self, width: int = 80) -> str:
        """The picture as text of at most ``width`` columns where possible."""
        return self._to_text(self._graph, width)

    @property
    def dot(self) -> str:
        """The picture as DOT, Graphviz's language."""
        if self._dot is None:
            self._dot = self._to_dot(self._graph)
        return self._dot

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        return render(self.dot, "svg").decode()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file; its ending says how: .svg, .png, .pdf, .dot or .txt.

        Raises:
            ValueError: another ending.
            OSError: the folder is missing or cannot be written to.
        """
        ending = os.path.splitext(os.fspath(path))[1].lower().removeprefix(".")
        if ending not in FORMATS:
            raise ValueError(
                f"cannot save a picture as {os.fspath(path)!r}: unknown format {ending!r}.\n"
                f"  Fix: end the file's name with one of {', '.join('.' + f for f in FORMATS)}."
            )
        if ending == "txt":
            content = (self.text() + "\n").encode()
        elif ending == "dot":
            content = self.dot.encode()
        else:
            content = render(self.dot, ending)
        write_file(path, content)

    def networkx(self) -> nx.MultiDiGraph:
        """The graph behind the picture: a copy, with plain attributes on nodes and edges."""
        graph = self._graph.copy()
        graph.graph.pop("ids", None)
        return graph

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": self.text()}

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()
