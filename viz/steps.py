"""The backward pass as a sequence of pictures, one for each step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from viz import draw, terminal, text
from viz.layout import Layout
from viz.picture import Picture
from viz.player import player_parts
from viz.render import write_file
from viz.scene import Scene
from viz.svg import svg_source

__all__ = ["BackwardPass", "Frame"]


class Frame(Picture):
    """The backward pass up to one step, which is outlined; see `BackwardPass`.

    >>> import autodiff as ad, viz
    >>> a, b = ad.Scalar(2.0), ad.Scalar(3.0)
    >>> frame = viz.backward(a * b)[1]
    >>> print(frame)
    step 1   #2 = a * b  gradient 1.0
             to a: g * b = 1.0 * 3.0 = 3.0
             to b: g * a = 1.0 * 2.0 = 2.0
    step 2   a  gradient 3.0
             .grad: none yet, becomes 3.0
    >>> frame.gradient
    3.0
    """

    def __init__(self, whole: BackwardPass, step: int) -> None:
        shown = whole._graph.copy()
        shown.graph["now"] = step
        super().__init__(shown, draw.backward_scene, text.backward_text, whole.theme)
        self.step = step
        self._whole = whole

    @cached_property
    def scene(self) -> Scene:
        return replace(self._whole.scene, now=self.step)

    @cached_property
    def layout(self) -> Layout:
        """That of the whole pass, so that nothing moves from frame to frame."""
        return self._whole.layout

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

    Saved as .html it is a page that plays the pass, step by step, forward and back.
    """

    def __init__(self, graph: nx.MultiDiGraph, theme: str = "light") -> None:
        super().__init__(graph, draw.backward_scene, text.backward_text, theme)
        self._steps = sorted(a["step"] for _, a in graph.nodes(data=True) if "step" in a)

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, index: int) -> Frame:
        return Frame(self, self._steps[index])

    def __iter__(self) -> Iterator[Frame]:
        return (self[i] for i in range(len(self)))

    def embedded(self, prefix: str) -> str:
        """The pass with its player, as a part of a page that has the player's style and script."""
        return player_parts(self._graph, self.scene, self.layout, prefix)

    def themed(self, theme: str) -> BackwardPass:
        return BackwardPass(self._graph, theme)

    def until(self, condition: Callable[[Any], Any]) -> Frame | None:
        """The first step whose gradient meets a condition, such as ``lambda g: abs(g) > 100``.

        For an array the condition has to hold for one element. None when no step meets it.
        """
        return next((frame for frame in self if np.any(condition(frame.gradient))), None)

    def walk(self) -> None:
        """Step through the pass in the terminal, forward and back, with keys.

        Without a terminal every step is printed, one after the other.
        """
        terminal.walk(self)

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

    def save_animation(self, path: str | os.PathLike[str], seconds: float = 1.0) -> None:
        """Write an SVG that plays the pass by itself, also where scripts may not run.

        Args:
            path: the file, which ends with .svg.
            seconds: how long each step is shown.

        Raises:
            ValueError: another ending, or a time that is not positive.
            OSError: the folder is missing or cannot be written to.
        """
        if Path(path).suffix.lower() != ".svg":
            raise ValueError(
                f"an animation is an SVG, and {os.fspath(path)!r} has another ending.\n"
                "  Fix: end the file's name with .svg; save_frames writes other formats."
            )
        if not seconds > 0:
            raise ValueError(f"a step has to be shown for some time, not for {seconds} seconds.")
        write_file(path, svg_source(self.scene, self.layout, self.theme, seconds).encode())
