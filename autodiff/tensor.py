"""Tensor: an n-dimensional array with a place in the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from autodiff.inference import Untracked, check_may_write, is_inference
from autodiff.leaf import accumulating
from autodiff.op import OPS, Elementwise, Op
from autodiff.ops import choice, expand, index, join, linalg, order, shape, write
from autodiff.ops.aliases import ALIASES
from autodiff.public import FUNCTIONS, IN_PLACE, METHODS
from autodiff.recording import key_of, recorder
from autodiff.variable import IN_PLACE_OPERATORS, Variable, attach_elementwise, fast_path
from autodiff.views import become, mark_written, note_view, reshape_in_place

__all__ = ["Size", "Tensor"]


class Tensor(Casts, Conversions, Checked):
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
            edge = None
            if isinstance(x, Tensor):
                value = x.value
                edge = x._source or (x if x._requires_grad else None)
                kinds.append(CONSTANT if edge is None else WANTED)
                if first is None:
                    first = value
                elif value.dtype is not first.dtype or value.shape != first.shape:
                    uniform = False
            else:
                value = x
                kinds.append(PLAIN)
                if isinstance(x, (*ARRAYS, np.generic)):
                    value, uniform = as_array(x), False
                elif x is True or x is False:
                    uniform = False
            values.append(value)
            edges.append(edge)

        operands, like = values, None
        if op.broadcasts and not (uniform and first is not None and first.dtype.kind == "f"):
            operands, like = _promoted(op, values), [_likeness(v) for v in values]
        try:
            out = implementation(op, operands)(*operands, **settings)
        except (TypeError, ValueError) as error:
            _explain(op, values, error)
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

    # -- indexing and in-place writes ---------------------------------------------------------

    def __matmul__(self, other: Any) -> Any:
        return linalg.matmul(self, other) if isinstance(other, Tensor) else NotImplemented

    def __getitem__(self, key: Any) -> Tensor:
        if type(key) is not int:
            key = _plain_key(key)
            if type(key) is tuple and (keys := index.split_key(key)):
                return self[keys[0]][keys[1]]
        try:
            return self._apply(index.Index, (self,), {"key": key})
        except IndexError as error:
            raise errors.shapes.index_error(str(error), self.value.shape) from None

    def __setitem__(self, key: Any, value: Any) -> None:
        key = _plain_key(key)
        if type(key) is tuple and (keys := index.split_key(key)):
            self[keys[0]][keys[1]] = value
            return
        recorded = mode.enabled and (self.requires_grad or getattr(value, "requires_grad", False))
        if recorded or mode.observers:
            self._assign_recorded(key, value)
            return
        value = value.value if isinstance(value, Tensor) else value
        check_may_write(self)
        try:
            place = self.value[key]
            self.value[key] = _without_leading_ones(value, place.ndim)
        except IndexError as error:
            raise errors.shapes.index_error(str(error), self.value.shape) from None
        except ValueError:
            raise errors.shapes.assigned_shape(np.shape(value), place.shape) from None
        mark_written(self)

    def _assign_recorded(self, key: Any, value: Any) -> None:
        """``self[key] = value`` as part of the graph."""
        if not index.is_basic(key):
            self._become(write.IndexPut.apply(self, value, key=key))
            return
        place = self[key]
        if not isinstance(value, Tensor):
            place.copy_(Tensor._wrap(np.asarray(value)))
        else:
            place.copy_(_without_leading_ones(value, place.ndim))

    def _become(self, result: Tensor) -> Tensor:
        """Take over the value and the history of ``result``: the end of every in-place op."""
        return become(self, result)

    def zero_(self) -> Tensor:
        """Set every element to 0, in place."""
        return self.fill_(0)

    def fill_(self, value: Any) -> Tensor:
        """Set every element to ``value``, in place."""
        value = value.item() if isinstance(value, Tensor) else value
        return self._become(write.Fill.apply(self, value=value))

    def fill_diagonal_(self, value: Any, wrap: bool = False) -> Tensor:
        """Set the elements with equal positions in all dimensions to ``value``, in place.

        Args:
            value: a number.
            wrap: in a matrix with more rows than columns, begin again below the diagonal, after
                a row that is left out.

        Raises:
            RuntimeError: there are fewer than two dimensions, or more than two of unequal sizes.

        >>> import autodiff as ad
        >>> ad.zeros(2, 2).fill_diagonal_(1)
        tensor([[1., 0.],
                [0., 1.]])
        """
        if self.ndim < 2 or (self.ndim > 2 and len(set(self.shape)) > 1):
            raise errors.shapes.no_diagonal(self.shape)
        rows, columns = self.shape[:2]
        period = columns + 1 if wrap and self.ndim == 2 else max(self.shape)
        first = np.arange(rows)
        first = first[first % period < columns]
        self[(first, *[first % period] * (self.ndim - 1))] = value
        return self

    def copy_(self, source: Tensor, non_blocking: bool = False) -> Tensor:
        """Copy the elements of ``source`` into this tensor, in place; broadcasts and casts.

        Raises:
            RuntimeError: the shape of ``source`` cannot be broadcast to this one.
        """
        if source.shape != self.shape:
            source = expand.expand(source, self.shape)
        return self._become(write.Copy.apply(self, source))


Tensor._operands = (Tensor, float, int, *ARRAYS, np.generic)


def _in_place(op: type[Elementwise], name: str) -> Callable[..., Any]:
    function = FUNCTIONS[op.function_name]

    def method(self: Tensor, *others: Any, **settings: Any) -> Tensor:
        return self._become(function(self, *others, **settings))

    method.__name__ = name
    method.__doc__ = f"`{op.function_name}`, written into this tensor's own memory."
    return method


def _in_place_form(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The method that lets a tensor become the result of a function: its values, or a view."""

    def method(self: Tensor, *others: Any, **settings: Any) -> Tensor:
        result = function(self, *others, **settings)
        if result is self:
            return self
        return become(self, result) if result.base is None else reshape_in_place(self, result)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"`{function.__name__}`, in place: this tensor becomes the result."
    return method


def _attach_methods() -> None:
    """Give Tensor every public function that is also a method, and the in-place forms."""
    for name, function in METHODS.items():
        if name not in Tensor.__dict__:
            setattr(Tensor, name, function)
    for name, function in IN_PLACE.items():
        setattr(Tensor, name, _in_place_form(function, name))
    attach_elementwise(Tensor)
    for op in OPS.values():
        if _is_plain(op):
            op.fast = staticmethod(_fast_with_settings(op))
        if issubclass(op, Elementwise) and op.exported and op.in_place:
            setattr(Tensor, f"{op.function_name}_", _in_place(op, f"{op.function_name}_"))
    for alias, name in ALIASES.items():
        setattr(Tensor, f"{alias}_", getattr(Tensor, f"{name}_"))
    for name, op in IN_PLACE_OPERATORS.items():
        setattr(Tensor, f"__i{name}__", _in_place(op, f"__i{name}__"))


def _is_plain(op: type[Op]) -> bool:
    """Whether an op (not an elementwise one) takes one tensor or two and gives one tensor."""
    return (
        op.differentiable
        and len(op.arguments) <= 2
        and not (op.broadcasts or op.variadic or op.extras)
    )


def _fast_with_settings(op: type[Op]) -> Callable[..., Any]:
    """What makes the straight-line version of an op, when the op is first applied."""

    def general(*inputs_and_settings: Any) -> Any:
        *inputs, settings = inputs_and_settings
        return Tensor._apply_generally(op, tuple(inputs), settings)

    def first(*inputs_and_settings: Any) -> Any:
        op.fast = staticmethod(fast_path(op, Tensor, general, note_view=note_view))
        return op.fast(*inputs_and_settings)

    return first


def _promoted(op: Any, values: list[Any]) -> list[Any]:
    """The operands in the dtype that PyTorch computes in."""
    operands = values[1:] if op is choice.Where else values
    wanted = dtypes.result_dtype(operands)
    if op.floating and wanted.kind != "f":
        wanted = dtypes.get_default_dtype().numpy
    op.refuse(values, wanted)
    if wanted.kind in op.not_for:
        raise errors.numbers.not_for_dtype(op.function_name, dtypes.from_numpy(wanted))
    cast = [
        v.astype(wanted, copy=False) if isinstance(v, ARRAYS) else _cast_number(v, wanted)
        for v in operands
    ]
    return [values[0], *cast] if op is choice.Where else cast


def _cast_number(x: Any, dtype: np.dtype) -> Any:
    try:
        return dtype.type(x)
    except OverflowError:  # -1 in uint8 is 255
        return np.asarray(x).astype(dtype)[()]


def _likeness(value: Any) -> tuple[Any, Any]:
    """Shape and dtype of an input, for giving its gradient the same."""
    return (value.shape, value.dtype) if isinstance(value, ARRAYS) else ((), None)


def _explain(op: type[Op], values: list[Any], error: Exception) -> None:
    """Explain a failed elementwise op: shapes that do not fit, or elements it is not for."""
    if not issubclass(op, Elementwise):
        return
    arrays = [v for v in values if isinstance(v, ARRAYS)]
    shapes = [v.shape for v in arrays]
    for i in range(1, len(shapes)):
        try:
            np.broadcast_shapes(*shapes[: i + 1])
        except ValueError:
            raise errors.shapes.broadcast_shapes(shapes[i - 1], shapes[i]) from None
    if isinstance(error, TypeError):
        raise errors.numbers.not_for_dtype(
            op.function_name, dtypes.from_numpy(dtypes.result_dtype(values))
        ) from None
    if op is OPS["Pow"]:
        raise errors.numbers.negative_integer_power() from None


def _plain_key(key: Any) -> Any:
    """An index with its tensors replaced by arrays."""
    if isinstance(key, tuple):
        return tuple(_plain_key(part) for part in key)
    if isinstance(key, Tensor):
        return key.value if key.ndim else key.value[()]
    if isinstance(key, slice) and key.step is not None and key.step < 1:
        raise errors.shapes.negative_step()
    return np.asarray(key, None if key else np.int64) if isinstance(key, list) else key


def _without_leading_ones(value: Any, ndim: int) -> Any:
    """A value to assign, without the dimensions of size 1 that its place does not have."""
    while getattr(value, "ndim", 0) > ndim and value.shape[0] == 1:
        value = value[0]
    return value


def _rebuild(value: np.ndarray, requires_grad: bool) -> Tensor:
    return Tensor._wrap(value, requires_grad)


_attach_methods()
