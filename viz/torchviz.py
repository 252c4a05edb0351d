"""``make_dot`` as torchviz has it, for programs and habits that know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphviz

from viz.collect import collect
from viz.dot import digraph
from viz.draw import grad_fn_scene
from viz.names import Names
from viz.scene import Box, Line, Scene
from viz.words import short

__all__ = ["make_dot"]


def make_dot(
    var: Any,
    params: Mapping[str, Any] | None = None,
    show_attrs: bool = False,
    show_saved: bool = False,
    max_attr_chars: int = 50,
) -> graphviz.Digraph:
    """The chain of ``grad_fn``s of ``var`` as an object of the graphviz package.

    It takes the arguments of torchviz's function of that name, and its result is used in the same
    way: ``make_dot(loss).render("loss", format="png")``, with the system's Graphviz. `viz.grad_fn`
    draws without one.

    Args:
        var: a Scalar or a Tensor, or a tensor of PyTorch; of several (a tuple), the first.
        params: names for values, as in ``dict(model.named_parameters())``.
        show_attrs: show the settings of each operation.
        show_saved: show the values that each node saved, as boxes of their own.
        max_attr_chars: settings are cut to this length.

    >>> import autodiff as ad, viz
    >>> x = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> "ExpBackward0" in viz.make_dot(x.exp().sum(), params={"x": x}).source
    True
    """
    if isinstance(var, tuple):
        var = var[0]
    graph = collect(var, Names.of_caller(params), saved=show_saved)
    scene = grad_fn_scene(graph)
    if show_attrs:
        _add_settings(scene, graph, max_attr_chars)
    return digraph(scene)


def _add_settings(scene: Scene, graph: Any, longest: int) -> None:
    for i, box in enumerate(scene.boxes):
        settings = graph.nodes[box.id].get("settings", {}) if box.id in graph else {}
        lines = [
            Line(f"{name}: {short(str(value), longest)}", "quiet")
            for name, value in settings.items()
        ]
        scene.boxes[i] = Box(box.id, box.kind, [*box.content, *lines], box.words)
