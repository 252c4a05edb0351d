"""Views and in-place writes: which tensors share memory, and how a write changes their history.

A view keeps its ``base``, the tensor whose memory it shows, and the ``steps`` (view ops with their
settings) that lead from the one to the other. A base knows its ``views`` by weak references. So a
write anywhere can be put into the history of all of them: the base becomes the result of
`CopySlices`, "the base with the new values written into a part", and each view is taken from that
base again.
"""

from __future__ import annotations

import weakref
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff import dtypes, errors, observe
from autodiff.generate import CONSTANT, WANTED
from autodiff.grad_mode import mode
from autodiff.inference import Untracked, check_may_write
from autodiff.op import Op
from autodiff.ops.write import CopySlices
from autodiff.packed import Packed
from autodiff.recording import key_of, recorder
from autodiff.source import SourceLine, user_line

if TYPE_CHECKING:
    from autodiff.tensor import Tensor

__all__ = ["become", "mark_written", "note_view", "reshape_in_place", "take_history"]

_registering = RLock()
"""Held while the list of a base's views is made or cleared up: several threads may take views."""


def note_view(view: Tensor, x: Tensor, op: type[Op], settings: dict[str, Any]) -> None:
    """Make ``view``, the result of an op on ``x``, a view of x's base if it shares its memory."""
    memory = view.value.base
    if memory is not x.value and memory is not x.value.base:
        return
    view.version = x.version
    base = x if x.base is None else x.base
    view.base = base
    if mode.enabled and (x.base is None or x.steps is not None):
        view.steps = (*(x.steps or ()), (op, settings))
        _register(base, view)


def _register(base: Tensor, view: Tensor) -> None:
    if base.views is None:
        with _registering:
            base.views = base.views or []
    base.views.append(weakref.ref(view))
    count = len(base.views)
    if count & (count - 1) == 0:  # now and then, at 1, 2, 4, 8, ...: forget the views that are gone
        with _registering:
            known = base.views[:count]  # and none that other threads add meanwhile
            base.views[:count] = [reference for reference in known if reference() is not None]


def become(x: Tensor, result: Tensor) -> Tensor:
    """Give ``x`` the value and the history of ``result``: the end of every in-place op.

    Raises:
        RuntimeError: ``x`` is a leaf that requires grad, or a view of one; the shape or the dtype
            does not fit; or several elements of ``x`` lie in the same place.
    """
    _check_fits(x, result)
    check_may_write(x)
    recorded = mode.enabled and (x._requires_grad or result._requires_grad)
    if mode.enabled:
        _check_may_write(x, recorded)
    before = x.value.copy() if recorded and _saves(result._source, x.value) else None
    if recorded:
        _keep_shown(x, before)
        if x.base is not None:
            _keep_shown(x.base, None)
    x.value[...] = result.value
    mark_written(x)
    if recorded:
        _settle_saved(result, x, before)
        _take_history(x, result)
    if mode.observers:
        observe.tell("written", x, result)
    return x


def _keep_shown(x: Tensor, before: np.ndarray | None) -> None:
    """Pictures show what a node computed, not what was written over it."""
    node: Any = x._source
    if getattr(node, "out", None) is x.value:
        node.out = x.value.copy() if before is None else before


def take_history(x: Tensor, result: Tensor) -> Tensor:
    """Make ``x``, which was written to under `no_grad`, the result that ``result`` stands for.

    Raises:
        RuntimeError: as for `become`.
    """
    _check_may_write(x, recorded=True)
    _take_history(x, result)
    return x


def _take_history(x: Tensor, result: Tensor) -> None:
    if x.base is None:
        _set_history(x, result.edge)
        refresh_views(x)
    else:
        _write_into_base(x, result)


def mark_written(x: Tensor, line: SourceLine | None = None) -> None:
    """Note that the memory of ``x`` has changed, and on which line of the user's program.

    Who marks many tensors looks for the ``line`` once.
    """
    if type(x.version) is not Untracked:
        x.version[:] = (x.version[0] + 1, line or user_line())


def _check_fits(x: Tensor, result: Tensor) -> None:
    if result.value.shape != x.value.shape:
        raise errors.in_place.in_place_shape(x.value.shape, result.value.shape)
    if result.value.dtype is not x.value.dtype and not dtypes.can_cast(result.dtype, x.dtype):
        raise errors.in_place.in_place_dtype(result.dtype, x.dtype)
    # NumPy gives empty arrays strides of 0 too, and nothing in them is repeated.
    if (
        x.value.size
        and 0 in x.value.strides
        and any(
            stride == 0 and size > 1
            for stride, size in zip(x.value.strides, x.value.shape, strict=True)
        )
    ):
        raise errors.in_place.write_to_expanded()


def _check_may_write(x: Tensor, recorded: bool) -> None:
    base = x.base
    if base is None:
        if recorded and x._requires_grad and x._source is None:
            raise errors.in_place.in_place_on_leaf()
    elif x.steps is None:
        if recorded or base._requires_grad:
            raise errors.in_place.view_made_under_no_grad()
    elif recorded and base._requires_grad and base._source is None:
        raise errors.in_place.in_place_on_view_of_leaf()


def _saves(node: Any, value: np.ndarray) -> bool:
    saved = getattr(node, "saved", None) or ()
    if isinstance(saved, Packed):
        return saved.holds(value)
    return any(x is value for x in saved)


def _settle_saved(result: Tensor, x: Tensor, before: np.ndarray | None) -> None:
    """Let the node of an in-place op save what is still true after the write.

    The result now lives in the memory of ``x``: later writes there must be noticed. The value of
    ``x`` from before the write survives only as a copy, which nobody can change any more.
    """
    node = result._source
    if not isinstance(node, Op) or not node.saved:
        return
    if isinstance(node.saved, Packed):
        if before is not None:
            node.saved.replace(x.value, before)
        return
    if any(saved is result.value for saved in node.saved):
        node.guards = tuple(
            (x.version, x.version[0]) if version is result.version else (version, count)
            for version, count in node.guards
        )
    if before is not None:
        count_before = x.version[0] - 1
        node.guards = tuple(guard for guard in node.guards if guard != (x.version, count_before))
    # An op may have saved both the value from before and the result: one takes the other's place.
    settled = {id(result.value): x.value, id(x.value): before}
    node.saved = tuple([settled.get(id(saved), saved) for saved in node.saved])


def _set_history(x: Tensor, edge: Any) -> None:
    """Make ``x`` the result of what ``edge`` stands for."""
    keeps_grad = x.retains_grad
    if keeps_grad:
        x._stop_retaining_grad()
    x._source, x._requires_grad = edge, edge is not None
    if keeps_grad and edge is not None:
        x.retain_grad()


def _write_into_base(view: Tensor, result: Tensor) -> None:
    """Record that the base of ``view`` now has the values of ``result`` in that part."""
    base = view.base
    assert base is not None
    inputs = (base, result)
    edges = (base.edge, result.edge)
    kinds = [CONSTANT if edge is None else WANTED for edge in edges]
    record = recorder(CopySlices, key_of(CopySlices, kinds))
    if record is None:  # neither wants a gradient: nothing is left of either history
        _set_history(base, None)
    else:
        values = (base.value, result.value)
        out = base.value.copy()
        node = record(inputs, edges, values, out, (), {"steps": view.steps}, base)
        _set_history(base, node)
        if mode.observers:
            observe.made(node, base)
    refresh_views(base)


def refresh_views(base: Tensor) -> None:
    """Take each living view from its base again: its history starts at the base's new one."""
    if not base.views:
        return
    alias = type(base)._wrap(base.value, base._requires_grad, base._source, base.version)
    for reference in base.views:
        view = reference()
        if view is not None:
            fresh = alias
            for op, settings in view.steps:
                fresh = op.apply(fresh, **settings)
            _set_history(view, fresh.edge)


def reshape_in_place(x: Tensor, result: Tensor) -> Tensor:
    """Let ``x`` become ``result``, a view of itself: the end of ``unsqueeze_`` and the like."""
    if mode.enabled:
        _check_may_write(x, x._requires_grad)
    if x.base is None and x.views:
        # Others are views of x as it was: that tensor lives on under another name.
        before = type(x)._wrap(x.value, x._requires_grad, x._source, x.version)
        before.views = x.views
        for reference in x.views:
            view = reference()
            if view is not None:
                view.base = before
        x.views = None
        x.base, x.steps = before, result.steps
        _register(before, x)
    elif x.base is not None:
        x.steps = result.steps
    x.value = result.value
    x._source, x._requires_grad = result._source, result._requires_grad
    mark_written(x)
    return x
