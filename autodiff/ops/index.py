"""Ops that pick elements out of a tensor, and their reverses, which put them back into zeros."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.arrays import ARRAYS, in_order, zeros
from autodiff.backends import cpu
from autodiff.op import Op

COMPILED_FROM = 1024
"""With at most this many elements the compiled loop gains less than loading it may cost."""


class Index(Op):
    """``x[key]`` for any key NumPy takes; elements picked twice get two contributions."""

    formula = "x[key]"

    def forward(x, *, key):
        out = x[key]
        if isinstance(out, ARRAYS):
            return out
        # An index for each dimension: with the dots NumPy gives a view instead of a number.
        return x[(*key, ...) if isinstance(key, tuple) else (key, ...)]

    def grad_x(g, x_shape, key):
        return IndexAdd.apply(g, key=key, shape=x_shape)

    def name(self) -> str:
        """The name of the last step that PyTorch would take: it goes through a key one by one."""
        key = self.settings["key"]
        if not is_basic(key):
            return "IndexBackward0"
        if key is ...:
            return "AliasBackward0"
        steps = [p for p in (key if isinstance(key, tuple) else (key,)) if p is not ...]
        steps = [p for p in steps if p != slice(None)] or [slice(None)]
        if steps[-1] is None:
            return "UnsqueezeBackward0"
        return "SliceBackward0" if isinstance(steps[-1], slice) else "SelectBackward0"


class IndexSelect(Index):
    """Slices along one dimension, at the given positions."""

    formula = "x[index] along dim"

    def forward(x, *, key):
        return in_order(x[key])

    def name(self) -> str:
        return "IndexSelectBackward0"


class MaskedSelect(Index):
    """The elements where a mask is true."""

    formula = "x[mask]"

    def name(self) -> str:
        return "MaskedSelectBackward0"


class Take(Index):
    """Elements at positions in the flattened tensor."""

    formula = "x[index], x flattened"

    def name(self) -> str:
        return "TakeBackward0"


class IndexAdd(Op):
    """Zeros of the given shape with ``x`` added in at ``key``: the reverse of `Index`."""

    formula = "zeros, with x added at key"

    def forward(x, *, key, shape):
        out = zeros(shape, x)
        if is_basic(key):
            out[key] = x
        else:
            np.add.at(out, key, x)
        return out

    def grad_x(g, key):
        return Index.apply(g, key=key)


class GatherAlong(Op):
    """Along one dimension, the elements at the given positions."""

    formula = "x[index] along dim"

    def forward(x, *, index, dim):
        corner = tuple(slice(None) if d == dim else slice(n) for d, n in enumerate(index.shape))
        return np.take_along_axis(x[corner], index, axis=dim)

    def grad_x(g, x_shape, index, dim):
        out = ScatterAlong.apply(g, index=index, dim=dim, size=x_shape[dim])
        corner = tuple(slice(n) for n in out.shape)
        return out if out.shape == x_shape else IndexAdd.apply(out, key=corner, shape=x_shape)

    def name(self) -> str:
        return "GatherBackward0"


class ScatterAlong(Op):
    """Along one dimension, zeros with ``x`` added in at the given positions."""

    formula = "zeros, with x added at index along dim"

    def forward(x, *, index, dim, size):
        if dim == index.ndim - 1 and index.size > COMPILED_FROM:
            return cpu.scatter_last(x, index, size)
        out = np.zeros((*index.shape[:dim], size, *index.shape[dim + 1 :]), x.dtype)
        positions = list(np.indices(index.shape, sparse=True))
        positions[dim] = index
        np.add.at(out, tuple(positions), x)
        return out

    def grad_x(g, index, dim):
        return GatherAlong.apply(g, index=index, dim=dim)

    def name(self) -> str:
        return "ScatterAddBackward0"


def is_basic(key: Any) -> bool:
    """Whether a key makes a view (slices, integers, None, ...), so that no element repeats."""
    parts = key if isinstance(key, tuple) else (key,)
    return all(
        p is None
        or p is ...
        or (isinstance(p, (slice, int, np.integer)) and not isinstance(p, bool))
        for p in parts
    )


def split_key(key: tuple[Any, ...]) -> tuple[Any, Any] | None:
    """A key that mixes integers with arrays as two keys, to be used one after the other.

    The integers, slices and new dimensions make a view, and the arrays pick from that. NumPy takes
    the integers for arrays of one position, which may lead to another order of dimensions. None for
    a key that needs no splitting.

    >>> split_key((0, slice(1, 3), np.array([0, 1])))
    ((0, slice(1, 3, None), slice(None, None, None)), (slice(None, None, None), array([0, 1])))
    """
    if not any(isinstance(part, ARRAYS) for part in key):
        return None
    if not any(isinstance(part, (int, np.integer)) for part in key):
        return None
    view: list[Any] = []
    picks: list[Any] = []
    for part in key:
        if isinstance(part, ARRAYS):
            view += [slice(None)] * (part.ndim if part.dtype == bool else 1)
            picks.append(part)
        else:
            view.append(part)
            if part is ...:
                picks.append(part)
            elif not isinstance(part, (int, np.integer)):
                picks.append(slice(None))
    return tuple(view), tuple(picks)
