"""The backward pass as a sequence of pictures, one for each step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from viz import dot, text
from viz.picture import Picture

__all__ = ["BackwardPass", "Frame"]


class Frame(Picture):
    """The backward pass up to one step, which is outlined; see `BackwardPass`."""

    def __init__(self, graph: nx.MultiDiGraph, step: int) -> None:
        shown = graph.copy()
        shown.graph["now"] = step
        super().__init__(shown, dot.backward_dot, text.backward_text)
        self.step = step

    @property
    def name(self) -> str:
        """The picture's name of the node that this step is about."""
        return next(n for n, a in self._graph.nodes(data=True) if a.get("step") == self.step)

    @property
    def gradient(self) -> Any:
        """The complete gradient of that node: a float or an array."""
        return self._graph.nodes[self.name]["g"]


class BackwardPass(Picture):
    """What `viz.backward` returns: a picture of the whole pass, and a sequence of its steps.

    >>> import autodiff as ad, viz
    >>> a, b = ad.Scalar(2.0), ad.Scalar(3.0)
    >>> steps = viz.backward(a * b + a)
    >>> len(steps)
    4
    >>> print(steps[1])
    step 1   #3 = #2 + a  gradient 1.0
             to #2: g = 1.0
             to a: g = 1.0
    step 2   #2 = a * b  gradient 1.0
             to a: g * b = 1.0 * 3.0 = 3.0
               adds up: 1.0 + 3.0 = 4.0
             to b: g * a = 1.0 * 2.0 = 2.0
    >>> steps.until(lambda gradient: gradient > 3).gradient
    4.0
    """

    def __init__(self, graph: nx.MultiDiGraph) -> None:
        super().__init__(graph, dot.backward_dot, text.backward_text)
        self._steps = sorted(a["step"] for _, a in graph.nodes(data=True) if "step" in a)

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, index: int) -> Frame:
        return Frame(self._graph, self._steps[index])

    def __iter__(self) -> Iterator[Frame]:
        return (self[i] for i in range(len(self)))

    def until(self, condition: Callable[[Any], Any]) -> Frame | None:
        """The first step whose gradient meets a condition, such as ``lambda g: abs(g) > 100``.

        For an array the condition has to hold for one element. None when no step meets it.
        """
        return next((frame for frame in self if np.any(condition(frame.gradient))), None)

    def save_frames(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write one file for each step: ``pass.svg`` gives ``pass-01.svg``, ``pass-02.svg``, ...

        Nothing moves from frame to frame, so that they can be shown one after the other.

        Raises:
            ValueError: an unknown ending.
            OSError: the folder is missing or cannot be written to.
        """
        target = Path(path)
        digits = max(2, len(str(len(self))))
        files = [
            target.with_name(f"{target.stem}-{number:0{digits}}{target.suffix}")
            for number in range(1, len(self) + 1)
        ]
        for frame, file in zip(self, files, strict=True):
            frame.save(file)
        return files
