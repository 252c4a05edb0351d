"""Tensor: an n-dimensional array with a place in the graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autodiff import autograd, dtypes, errors, observe, trail
from autodiff.arrays import ARRAYS, as_array, implementation
from autodiff.casts import Casts
from autodiff.checked import Checked
from autodiff.conversions import Conversions
from autodiff.described import Size
from autodiff.errors.teaching import about
from autodiff.generate import CONSTANT, PLAIN, WANTED
from autodiff.grad_mode import everywhere, mode
from autodiff.graph import Node
from autodiff.indexed import Indexed
from autodiff.inference import Untracked, is_inference
from autodiff.leaf import accumulating
from autodiff.methods import attach_methods
from autodiff.op import Op
from autodiff.operands import explain, likeness, promoted
from autodiff.ops import join, linalg, order, shape
from autodiff.recording import key_of, recorder
from autodiff.variable import Variable
from autodiff.views import note_view

__all__ = ["Size", "Tensor"]


class Tensor(Casts, Conversions, Indexed, Checked):
    """An n-dimensional array of one dtype, and the graph that computed it.

    Make one with `autodiff.tensor`, `zeros`, `randn` and their relatives. With
    ``requires_grad=True`` every operation on it is recorded, and ``backward()`` on a result adds
    the gradient to its ``.grad``.

    >>> import autodiff as ad
    >>> x = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([2., 4.])
    """

    # version is a list of one counter, shared by all views of the same memory: each in-place
    # write adds 1, and the backward pass compares it with the count at the time of saving.
    # A view also knows its base and the steps from there; a base its views: see `autodiff.views`.
    __slots__ = ("version", "base", "steps", "views")

    version: list[Any]
    base: Tensor | None
    steps: tuple[Any, ...] | None
    views: list[Any] | None

    def __init__(self, *data: Any) -> None:
        from autodiff.legacy import legacy_array

        self.value = legacy_array(data, dtypes.get_default_dtype())
        self._requires_grad = False
        self._grad = self.hooks = self._source = self.base = self.steps = self.views = None
        self.version = [0]

    @staticmethod
    def _wrap(
        value: np.ndarray,
        requires_grad: bool = False,
        source: Node | None = None,
        version: list[int] | None = None,
    ) -> Tensor:
        """A tensor around ``value``, which is shared, not copied."""
        x = Tensor.__new__(Tensor)
        x.value = value
        x._requires_grad = requires_grad
        x._grad = x.hooks = x.base = x.steps = x.views = None
        x._source = source
        x.version = version or ([0] if everywhere.fast or not mode.inference else Untracked())
        return x

    # -- recording ----------------------------------------------------------------------------

    @staticmethod
    def _apply(op: type[Op], inputs: tuple[Any, ...], settings: dict[str, Any]) -> Any:
        if op.fast is not None:
            return op.fast(*inputs, settings)
        return Tensor._apply_generally(op, inputs, settings)

    @staticmethod
    def _apply_generally(op: type[Op], inputs: tuple[Any, ...], settings: dict[str, Any]) -> Any:
        if mode.observers:
            return observe.apply(Tensor, op, inputs, settings)
        values: list[Any] = []
        edges: list[Any] = []
        kinds: list[int] = []
        first, uniform = None, True
        for x in inputs:
            value, edge = x, None
            if isinstance(x, Tensor):
                value = x.value
                edge = x._source or (x if x._requires_grad else None)
                kinds.append(CONSTANT if edge is None else WANTED)
                if first is None:
                    first = value
                elif value.dtype is not first.dtype or value.shape != first.shape:
                    uniform = False
            else:
                kinds.append(PLAIN)
                if isinstance(x, np.float64):  # one of Python's floats too, and treated as such
                    value = float(x)
                elif isinstance(x, (*ARRAYS, np.generic)):
                    value, uniform = as_array(x), False
                elif x is True or x is False:
                    uniform = False
            values.append(value)
            edges.append(edge)

        operands, like = values, None
        if op.broadcasts and not (uniform and first is not None and first.dtype.kind == "f"):
            operands, like = promoted(op, values), [likeness(v) for v in values]
        try:
            out = implementation(op, operands)(*operands, **settings)
        except (TypeError, ValueError) as error:
            explain(op, values, error)
            raise
        extras: Sequence[Any] = ()
        if op.extras:
            out, *extras = out
        if type(out) is not np.ndarray:
            out = as_array(out)
        result = Tensor._wrap(out)
        if out.base is not None and isinstance(inputs[0], Tensor):
            note_view(result, inputs[0], op, settings)

        key = key_of(op, kinds)
        if mode.enabled and (record := op.recorders.get(key) or recorder(op, key)):
            node = record(inputs, edges, operands, out, extras, settings, result)
            if like is not None:
                node.like = like
            result._source = node
            result._requires_grad = True
        elif trail.following:
            trail.note_unrecorded(op, inputs, result)
        if op.extras:
            return (result, *[Tensor._wrap(extra) for extra in extras])
        return result

    @staticmethod
    def _from_graph(value: Any, edge: Any) -> Any:
        """A saved value as a tensor that continues the graph at ``edge``."""
        if isinstance(edge, Tensor):
            return edge
        if edge is None:
            return Tensor._wrap(value) if isinstance(value, ARRAYS) else value
        return Tensor._wrap(value, requires_grad=True, source=edge)

    @staticmethod
    def _as_variable(g: Any) -> Tensor:
        return g if isinstance(g, Tensor) else Tensor._wrap(as_array(g))

    def own(self, g: Any) -> Any:
        return shape.clone(g) if isinstance(g, Tensor) else g.copy()

    def accumulate(self, g: Any, create_graph: bool = False) -> None:
        if mode.observers and any(o.accumulate(self, g) for o in mode.observers):
            return
        with accumulating:
            if create_graph:
                self._grad = g if self._grad is None else self._grad + g
            elif self._grad is None:
                # A view may share memory with another gradient: a leaf keeps its own.
                owned = (type(g) is np.ndarray or isinstance(g, ARRAYS)) and g.base is None
                self._grad = Tensor._wrap(g if owned else np.copy(g))
            else:
                np.add(self._grad.value, g, out=self._grad.value)
                if trail.following:
                    trail.note_sum(self, self._grad)

    def grad_snapshot(self) -> np.ndarray | None:
        return None if self._grad is None else self._grad.value.copy()

    def seed(self, gradient: Any, create_graph: bool) -> Any:
        """The gradient that a backward pass from this tensor starts with."""
        if gradient is None:
            if self.value.size != 1:
                raise about(errors.autograd.non_scalar_backward(self.value.shape), self._source)
            if type(self.value) is np.ndarray:
                g = np.array(1, self.value.dtype, ndmin=self.value.ndim)
            else:
                g = np.ones_like(self.value)
        else:
            g = as_array(gradient.value if isinstance(gradient, Tensor) else gradient)
            if g.shape != self.value.shape:
                raise errors.autograd.gradient_shape(g.shape, self.value.shape)
            g = g.astype(self.value.dtype, copy=False)
        if not create_graph:
            return g
        return gradient if isinstance(gradient, Tensor) else Tensor._wrap(g)

    # -- autograd -----------------------------------------------------------------------------

    def backward(
        self,
        gradient: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        """Add the gradient of this tensor to the ``.grad`` of every leaf it was computed from.

        Args:
            gradient: for a tensor of more than one element, the vector of the vector-Jacobian
                product, of this tensor's shape.
            retain_graph: keep what was saved, so that the graph can be used again.
            create_graph: record the backward pass, so that gradients can be differentiated.
            inputs: accumulate into these tensors only.

        Raises:
            RuntimeError: nothing to differentiate; several elements and no ``gradient``; the graph
                was already freed; or a saved tensor was modified since.

        >>> import autodiff as ad
        >>> x = ad.tensor(3.0, requires_grad=True)
        >>> (x * x).backward()
        >>> x.grad
        tensor(6.)
        """
        autograd.backward(self, gradient, retain_graph, create_graph, inputs=inputs)

    def retain_grad(self) -> None:
        if not self.requires_grad:
            raise errors.autograd.retain_grad_without_grad()
        super().retain_grad()

    retain_grad.__doc__ = Variable.retain_grad.__doc__

    def detach(self) -> Tensor:
        """The same memory, outside the graph.

        >>> import autodiff as ad
        >>> x = ad.tensor([1.0], requires_grad=True)
        >>> (x * 2).detach()
        tensor([2.])
        """
        result = Tensor._wrap(self.value, version=self.version)
        if trail.following and self._requires_grad:
            trail.note_cut(self, "detach()", result)
        return result

    def detach_(self) -> Tensor:
        """Take this tensor out of the graph, in place: it becomes a leaf.

        Raises:
            RuntimeError: it is a view.
        """
        if self.base is not None:
            raise errors.in_place.detach_view_in_place()
        self._source = None
        self._requires_grad = False
        return self

    @property
    def data(self) -> Tensor:
        """The same memory, outside the graph; writes to it are not noticed by the backward pass."""
        result = Tensor._wrap(self.value)
        if trail.following and self._requires_grad:
            trail.note_cut(self, ".data", result)
        return result

    @data.setter
    def data(self, x: Tensor) -> None:
        if not isinstance(x, Tensor):
            raise errors.in_place.data_assignment(type(x).__name__)
        self.value = x.value

    @property
    def _version(self) -> int:
        """How many in-place writes this memory has seen."""
        if is_inference(self):
            raise errors.inference.no_version()
        return self.version[0]

    @property
    def T(self) -> Tensor:  # noqa: N802 - PyTorch's name
        """The tensor with its dimensions reversed."""
        return self._apply(shape.Permute, (self,), {"dims": tuple(range(self.ndim))[::-1]})

    @property
    def mT(self) -> Tensor:  # noqa: N802 - PyTorch's name
        """The tensor with its last two dimensions swapped."""
        return order.transpose(self, -2, -1)

    def __matmul__(self, other: Any) -> Any:
        return linalg.matmul(self, other) if isinstance(other, Tensor) else NotImplemented

    def __iter__(self) -> Iterator[Tensor]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d tensor")
        return iter(join.unbind(self))

    def __repr__(self) -> str:
        from autodiff.printing import tensor_text

        return tensor_text(self)

    def __reduce__(self) -> Any:
        return _rebuild, (self.value, self.requires_grad)

    def __deepcopy__(self, memo: dict[Any, Any]) -> Tensor:
        if self._source is not None:
            raise errors.leaves.non_leaf_copied()
        copy = type(self)._wrap(self.value.copy(), self.requires_grad)
        copy.grad = self.grad.clone() if self.grad is not None else None
        memo[id(self)] = copy
        return copy


Tensor._operands = (Tensor, float, int, *ARRAYS, np.generic)


def _rebuild(value: np.ndarray, requires_grad: bool) -> Tensor:
    return Tensor._wrap(value, requires_grad)


attach_methods(Tensor)
