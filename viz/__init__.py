"""Pictures of computations: what was computed, its chain of grad_fns, and its backward pass.

>>> import autodiff as ad, viz
>>> a, b = ad.Scalar(2.0), ad.Scalar(3.0)
>>> loss = a * b
>>> print(viz.graph(loss))
loss = a * b    6.0
├─ a            leaf  2.0
└─ b            leaf  3.0
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autodiff import trail
from autodiff.nn.scope import note_scopes
from viz import draw, text
from viz.adapters import adapt, adapted
from viz.check import Checked, gradcheck
from viz.collect import FOLD_ABOVE, collect, collect_steps
from viz.compiled import compiled
from viz.difference import Difference, diff
from viz.explain import Explanation, explain
from viz.foreign import is_ours, steps_of
from viz.names import Names
from viz.picture import Picture
from viz.reductions import Timeline, reductions
from viz.steps import BackwardPass, Frame
from viz.structure import read
from viz.torchviz import make_dot
from viz.why import Answer, why

note_scopes()
trail.follow()

__all__ = [
    "BackwardPass",
    "Checked",
    "Difference",
    "FOLD_ABOVE",
    "Answer",
    "Explanation",
    "Frame",
    "Picture",
    "Timeline",
    "adapt",
    "backward",
    "compiled",
    "diff",
    "explain",
    "grad_fn",
    "gradcheck",
    "graph",
    "make_dot",
    "reductions",
    "why",
]


def graph(
    x: Any,
    *,
    params: Mapping[str, Any] | None = None,
    depth: int | None = None,
    limit: int = FOLD_ABOVE,
    theme: str = "light",
    derivatives: bool = False,
) -> Picture:
    """The computation of ``x``: operations, values, shapes, dtypes, and gradients where there are.

    Args:
        x: a Scalar or a Tensor, or a tensor of PyTorch.
        params: names for values, as in ``dict(model.named_parameters())``. Without them names
            are taken from the caller's variables.
        depth: calls of modules that are nested deeper than this become one box each: with 0 a
            whole model is one box. Without it modules are frames around what they computed.
        limit: graphs of more nodes are folded until at most this many boxes are left, and the
            picture says what was folded.
        theme: "light", "dark" or "print".
        derivatives: write the local derivative on each edge, by which the backward pass will
            multiply; as long as the graph is not freed.

    >>> import autodiff as ad, viz
    >>> a, b = ad.Scalar(2.0), ad.Scalar(3.0)
    >>> print(viz.graph((a * b).relu()))
    #3 = relu(#2)  6.0
    └─ #2 = a * b  6.0
       ├─ a        leaf  2.0
       └─ b        leaf  3.0
    """
    x = _whole(x)
    collected = collect(x, Names.of_caller(params, x), depth, limit, derivatives=derivatives)
    return Picture(collected, draw.graph_scene, text.graph_text, theme)


def grad_fn(
    x: Any,
    *,
    params: Mapping[str, Any] | None = None,
    depth: int | None = None,
    limit: int = FOLD_ABOVE,
    theme: str = "light",
    saved: bool = False,
) -> Picture:
    """The nodes that a backward pass from ``x`` visits, as ``x.grad_fn.next_functions`` links them.

    Args:
        x: a Scalar or a Tensor, or a tensor of PyTorch.
        params, depth, limit, theme: see `graph`.
        saved: draw the values that each node saved as boxes of their own.

    >>> import autodiff as ad, viz
    >>> a, b = ad.Scalar(2.0), ad.Scalar(3.0)
    >>> print(viz.grad_fn(a * b))
    MulBackward0         saved: y, x
    ├─ AccumulateGrad    variable: a  2.0
    └─ AccumulateGrad    variable: b  3.0
    """
    x = _whole(x)
    collected = collect(x, Names.of_caller(params, x), depth, limit, saved=saved)
    return Picture(collected, draw.grad_fn_scene, text.grad_fn_text, theme)


def backward(
    x: Any,
    gradient: Any = None,
    *,
    params: Mapping[str, Any] | None = None,
    depth: int | None = None,
    limit: int = FOLD_ABOVE,
    theme: str = "light",
) -> BackwardPass:
    """The backward pass from ``x``: the gradient at each node and what flowed along each edge.

    What it returns is a picture of the whole pass and a sequence of its steps: ``len(steps)``,
    ``steps[3]``, ``for step in steps``, ``steps.until(condition)``, ``steps.save_frames(path)``.

    The pass is only watched: no ``.grad`` changes and nothing is freed. Ask for the picture
    before ``x.backward()``, which frees what the pass needs.

    Args:
        x: a Scalar or a Tensor, or a tensor of PyTorch.
        gradient: for several elements, the vector of the vector-Jacobian product.
        params, depth, limit, theme: see `graph`.

    Raises:
        RuntimeError: there is nothing to differentiate, or the graph was already freed.

    >>> import autodiff as ad, viz
    >>> a, b = ad.Scalar(2.0), ad.Scalar(3.0)
    >>> print(viz.backward(a * b))
    step 1   #2 = a * b  gradient 1.0
             to a: g * b = 1.0 * 3.0 = 3.0
             to b: g * a = 1.0 * 2.0 = 2.0
    step 2   a  gradient 3.0
             .grad: none yet, becomes 3.0
    step 3   b  gradient 2.0
             .grad: none yet, becomes 2.0
    """
    from autodiff.autograd import backward_steps

    x = _whole(x)
    names = Names.of_caller(params, x)
    if is_ours(x):
        steps = backward_steps(x, gradient, retain_graph=True, accumulate=False)
    else:
        steps = steps_of(x, gradient)
    return BackwardPass(collect_steps(x, steps, names, depth, limit), theme)


def _whole(x: Any) -> Any:
    """What is to be drawn, read by an adapter where it needs one, with everything it came from."""
    x = adapted(x)
    if hasattr(x, "world"):
        read(x)
    return x
