"""Recording: run a function once, as it is, and note every step of what it computes.

The recording is an observer. Ops tell it what they were applied to; gradient rules are written in
ops, so a backward pass that runs on tensors tells it its steps as well. An array is known by its
place in memory (`places`). Arrays are freed as in any other call: the recording keeps none of them.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import errors, graph
from autodiff.arrays import ARRAYS, as_array, on_cpu, on_host
from autodiff.compiler.places import Place, Places, place_of
from autodiff.compiler.program import (
    Accumulate,
    Optimize,
    Step,
    Value,
    Write,
    each_array,
    replaced,
)  # fmt: skip
from autodiff.compiler.tape import Tape
from autodiff.compiler.watched import Watching, followed, plain
from autodiff.device import device
from autodiff.errors.compiler import NotFollowedError
from autodiff.hooks import as_variable
from autodiff.observe import Observer, unobserved
from autodiff.op import OPS, Elementwise, Op
from autodiff.operands import promoted
from autodiff.random import Generator
from autodiff.scalar import Scalar
from autodiff.source import user_line
from autodiff.tensor import Tensor

__all__ = ["Recorder"]

UFUNCS = {
    op.ufunc: op for op in OPS.values() if issubclass(op, Elementwise) and op.ufunc is not None
}


class Recorder(Observer):
    """Notes the steps of what runs while it is entered."""

    def __init__(self) -> None:
        self.steps: list[Any] = []
        self.tape = Tape()
        self.outside: list[Value] = []
        self.outside_grads: list[Value] = []
        self.entry_grads: dict[int, tuple[Value, bool]] = {}
        """Tensors whose ``.grad`` mattered as it was at the start, and whether it was None."""
        self.places = Places()
        self.node_values: weakref.WeakKeyDictionary[Any, Value] = weakref.WeakKeyDictionary()
        self._differentiable: weakref.WeakSet[Any] = weakref.WeakSet()
        """Nodes whose gradients the program wants to differentiate again."""
        self._made: set[int] = set()
        self._known_grads: set[int] = set()
        self._depth = 0
        self._undo: list[tuple[Place, Value | None]] = []
        self._looks_up = False
        """Whether the rule that runs has positions or masks that differ from call to call."""

    # -- what is known of an array ------------------------------------------------------------

    @property
    def in_rule(self) -> bool:
        """Whether a gradient rule is running."""
        return self._depth > 0

    def register(self, array: Any, value: Value) -> Value:
        """Let this array stand for ``value`` from here on."""
        if self.in_rule:
            place = place_of(array)
            self._undo.append((place, self.places.value_at(place)))
        self.places.put(array, value)
        return value

    def _take_back(self, count: int) -> None:
        """Forget all steps after the first ``count``, and what they computed."""
        del self.steps[count:]
        for place, value in reversed(self._undo):
            self.places.put_back(place, value)
        self._undo.clear()

    def born(self, array: Any, x: Any) -> None:
        """Note an array, and the tensor around it, that the recorded call made."""
        self._made.add(id(x))
        self.places.note_born(array)

    def watched(self, array: Any, x: Tensor | None = None) -> Any:
        """The array as one that is followed; ``x`` is the tensor that it was read from."""
        unknown = self.known(array) is None and not self.places.is_born(array)
        if x is not None and x._source is None and unknown:
            self.of_tensor(x)
        return followed(array)

    def value_of(self, x: Any) -> Any:
        """What stands for ``x``, an argument of an op, in the program."""
        if isinstance(x, Tensor):
            return self.of_tensor(x)
        if isinstance(x, ARRAYS):
            return self.of_array(x)
        return x

    def argument(self, x: Tensor) -> Value:
        """An argument of the recorded function."""
        array = x.value
        value = Value(array.shape, array.dtype, "input", tensor=x)
        if self.known(array) is not None:  # the same tensor as an argument before
            return value
        self.places.put_outside(array, value)
        return value

    def seed(self, g: Tensor, out: Value) -> Value:
        """The gradient of a result, which starts the backward pass."""
        return self.register(g.value, Value(out.shape, out.dtype, "seed", grad_of=out))

    def known(self, array: Any) -> Value | None:
        return self.places.value_at(place_of(array))

    def of_tensor(self, x: Tensor) -> Value:
        """The value of a tensor: known, a view taken again, a constant, or one from outside."""
        array = x.value
        if value := self.known(array):
            if value.origin == "input" and x is not value.tensor and id(x) not in self._made:
                raise errors.compiler.argument_from_outside(array.shape)
            return value
        if x.base is not None and x.steps is not None and self._is_known(x.base):
            value = self.of_tensor(x.base)
            view = x.base.value
            for op, settings in x.steps:
                view = op.forward(view, **settings)
                value = self._step(op, (value,), self._settings(settings), view, False)
            return value
        if self.places.is_born(array):
            return self.of_array(array)
        if owner := next((v for v in self.outside if v.tensor._grad is x), None):
            return self._entry_grad(owner)
        if x._source is not None:
            raise errors.compiler.history_outside(array.shape)
        value = Value(array.shape, array.dtype, "outside", tensor=x)
        self.outside.append(value)
        self.places.put_outside(array, value)
        return value

    def _is_known(self, x: Tensor) -> bool:
        return self.known(x.value) is not None

    def of_array(self, array: Any) -> Value:
        """The value of an array: known, known in another shape, or a constant."""
        if value := self.known(array):
            return value
        if (value := self.places.same_elements(array)) is not None:
            return self._step(OPS["Reshape"], (value,), {"shape": array.shape}, array, False)
        if isinstance(array, Watching) and not self.places.is_born(array):
            raise errors.compiler.computed_outside(user_line())
        if self._looks_up and array.ndim:
            raise errors.compiler.computed_outside(user_line())
        value = Value(array.shape, array.dtype, "constant", array=np.array(on_cpu(plain(array))))
        value.on_host = on_host(array)
        return self.register(array, value)

    def _settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        return replaced(dict(settings), self.value_of)

    # -- what happens -------------------------------------------------------------------------

    def applied(self, op: Any, inputs: tuple[Any, ...], settings: dict[str, Any], out: Any) -> None:
        if any(isinstance(x, Scalar) for x in inputs):
            self.tape.applied(op, inputs, settings, out)
            return
        arrays = [_array(x) for x in inputs]
        args = tuple(self.value_of(x) for x in inputs)
        if op.broadcasts:
            args = self._promoted(op, arrays, args)
        results = out if op.extras else (out,)
        step = Step(op, op.forward, args, self._settings(settings), [], self._depth > 0)
        if op.__name__ in ("Index", "IndexAdd") and self._is_mask(settings["key"]):
            raise errors.compiler.shape_from_values("x[mask]", user_line())
        if op.__name__ == "Move" and settings["origin"] != settings["place"]:
            raise errors.compiler.moved(user_line())
        if op.__name__ == "MaskedSelect":
            raise errors.compiler.shape_from_values("masked_select", user_line())
        total_of = _summed_gradient(step)
        step.backward = step.backward or total_of is not None
        self.steps.append(step)
        for result in results:
            array = result.value
            value = Value(array.shape, array.dtype, grad_of=total_of)
            step.outputs.append(value)
            self.register(array, value)
        node = results[0]._source
        if node is not None:
            node = getattr(node, "node", node)
            self.node_values[node] = step.out
            self._know_operands(node, op, args)
            self._watch_node(node, op)

    def _know_operands(self, node: Any, op: Any, args: tuple[Any, ...]) -> None:
        """Saved operands may be casts of the inputs that nobody else has seen."""
        for name, saved in zip(op.saves, node.saved or (), strict=False):
            if isinstance(saved, ARRAYS) and name in op.arguments and not op.variadic:
                value = args[op.arguments.index(name)]
                if isinstance(value, Value) and self.known(saved) is None:
                    self.register(saved, value)

    def _is_mask(self, key: Any) -> bool:
        """Whether an index holds truth values that are others in the next call."""
        masks = [part for part in each_array(key) if part.dtype == bool]
        return any(self.of_array(part).origin != "constant" for part in masks)

    def _watch_node(self, node: Any, op: Any) -> None:
        """Let the rules of a node compute on watched arrays where they get no tensors."""
        if any(isinstance(v, ARRAYS) for v in node.settings.values()):
            node.settings = {
                k: self.watched(plain(v)) if isinstance(v, ARRAYS) else v
                for k, v in node.settings.items()
            }
        if op.extras and node.saved:
            node.saved = tuple(
                self.watched(v) if name in op.extras and isinstance(v, ARRAYS) else v
                for name, v in zip(op.saves, node.saved, strict=True)
            )

    def _promoted(self, op: Any, arrays: list[Any], args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The operands in the dtype in which an elementwise op computes, cast where they differ."""
        dtypes = {x.dtype for x in arrays if isinstance(x, ARRAYS)}
        uniform = len(dtypes) == 1 and next(iter(dtypes)).kind == "f"
        if uniform and not any(isinstance(x, (np.generic, bool)) for x in arrays):
            return args
        operands = promoted(op, [np.asarray(x) if isinstance(x, np.generic) else x for x in arrays])
        return tuple(
            self._cast(value, operand.dtype) if isinstance(value, Value) else operand
            for value, operand in zip(args, operands, strict=True)
        )

    def _cast(self, value: Value, dtype: np.dtype) -> Value:
        if value.dtype == dtype:
            return value
        out = np.empty(value.shape, dtype)
        return self._step(OPS["Cast"], (value,), {"dtype": dtype}, out, value.origin == "step")

    def _step(
        self, op: Any, args: tuple[Any, ...], settings: dict[str, Any], out: Any, backward: bool
    ) -> Value:
        """A step that the recording itself adds."""
        value = Value(out.shape, out.dtype)
        backward = backward and self._depth > 0
        self.steps.append(Step(op, op.forward, args, settings, [value], backward))
        return self.register(out, value)

    def computed(self, function: Any, args: Any, settings: Any, result: Any) -> Any:
        """Note a NumPy function, or an op, of watched arrays; its results are watched too."""
        if function is np.ndarray.nonzero or function in (np.nonzero, np.unique, np.flatnonzero):
            raise errors.compiler.shape_from_values("nonzero", user_line())
        settings = {k: v for k, v in settings.items() if k != "out"}
        op: Any = function if isinstance(function, type) else None
        if isinstance(function, np.ufunc):
            op = UFUNCS.get(function.__name__)
        arrays = [x for x in args if isinstance(x, ARRAYS)]
        same = len({x.dtype for x in arrays}) == 1 and all(
            isinstance(x, (*ARRAYS, int, float)) for x in args
        )
        if op is not function and (settings or not same or arrays[0].dtype.kind != "f"):
            op = None
        args = replaced(tuple(args), self.value_of)
        step = Step(op, op.forward if op else function, args, {}, [], self._depth > 0)
        step.settings = replaced(settings, self.value_of)
        self.steps.append(step)
        return self._watched_results(step, result)

    def _watched_results(self, step: Step, result: Any) -> Any:
        if isinstance(result, tuple):
            return tuple(self._watched_results(step, part) for part in result)
        if not isinstance(result, (*ARRAYS, np.generic, bool, int, float)):
            return result
        array = as_array(result)
        value = Value(array.shape, array.dtype)
        step.outputs.append(value)
        self.register(array, value)
        return followed(array)

    def drawn(
        self, own: Any, generator: Generator, place: device, name: str, args: Any, settings: Any
    ) -> Any:
        """Let ``own`` draw random numbers, as a step that draws anew in each call."""
        result = getattr(own, name)(*args, **settings)
        draw = Draw(generator, place, name)
        step = Step(None, draw, tuple(args), dict(settings), [], self._depth > 0)
        self.steps.append(step)
        return self._watched_results(step, result)

    def scheduled(self, schedule: Any) -> None:
        raise errors.compiler.scheduled(user_line())

    def read(self, x: Any, how: str) -> None:
        raise errors.compiler.value_read(how, user_line())

    def written(self, x: Any, result: Any) -> None:
        value = self.of_tensor(result)
        if value.dtype != x.value.dtype:
            value = self._cast(value, x.value.dtype)
        self._know_saved(x, result)
        root = x if x.base is None else x.base
        if root is not x:
            if x.steps is None:
                raise errors.compiler.view_written(user_line())
            steps = self._settings({"steps": x.steps})
            inputs = (self.of_tensor(root), value)
            value = self._step(OPS["CopySlices"], inputs, steps, root.value, True)
        self.places.forget(root.value)
        self.register(root.value, value)
        if target := self.places.outside_at(root.value):
            self.steps.append(Write(target, value))

    def _know_saved(self, x: Any, result: Any) -> None:
        """What the node of an in-place op saved of the old elements is a copy by now."""
        old = self.known(x.value)
        for array in getattr(result._source, "saved", None) or ():
            copied = isinstance(array, ARRAYS) and array.shape == x.value.shape
            if copied and old is not None and self.known(array) is None:
                self.register(array, old)

    # -- gradients ----------------------------------------------------------------------------

    def backward(self, seeds: Any, create_graph: bool, deliver: Any) -> Any:
        """Let every pass run on tensors, so that its rules apply ops."""

        def as_arrays(x: Any, g: Any) -> None:
            deliver(x, g if create_graph else getattr(g, "value", g))

        if any(isinstance(getattr(g, "value", g), float) for g in seeds.values()):
            self.tape.backward(seeds)
            return seeds, create_graph, deliver
        if create_graph:
            nodes = [node for node in graph.topological_order(seeds) if node.inputs]
            self._differentiable.update(nodes)
        seeds = {x: as_variable(g) for x, g in seeds.items()}
        return seeds, True, None if deliver is None else as_arrays

    def step(self, node: Any, run: Callable[[], Any]) -> Any:
        if self.tape.operations and not self.steps:  # single numbers: the tape knows their rules
            return run()
        self._depth += 1
        keys = list(each_array(getattr(node, "settings", None)))
        self._looks_up = any((v := self.known(k)) and v.origin != "constant" for k in keys)
        steps = len(self.steps)
        self._undo.clear()
        try:
            contributions = run()
        except NotFollowedError:
            if not isinstance(node, Op):
                raise
            self._take_back(steps)
            contributions = self._pulled(node, run)
        finally:
            self._depth -= 1
            self._looks_up = False
        for x, g in zip(node.inputs, contributions, strict=False):
            if isinstance(g, Tensor) and x is not None:
                target = self.of_tensor(x) if isinstance(x, Tensor) else self.node_values.get(x)
                value = self.of_tensor(g)
                if value.grad_of is None and value.origin == "step":
                    value.grad_of = target
        if node in self._differentiable:
            return contributions
        contributions = [_without_history(g) for g in contributions]
        # A learner's backward may return a tensor that it keeps; those of ops are new.
        return contributions if isinstance(node, Op) else [_clone(g) for g in contributions]

    def _pulled(self, node: Op, run: Callable[[], Any]) -> Any:
        """Run the rules of a node as one step, where they look at values."""
        g = next(
            cell.cell_contents for cell in _cells(run) if isinstance(cell.cell_contents, Tensor)
        )
        with unobserved():
            saved = tuple(plain(v) for v in node.saved or ())
            settings = replaced(dict(node.settings), plain)
            pull = Pull(type(node), tuple(x is not None for x in node.inputs), node.like)
            results = pull(g.value, *saved, **settings)
        self._looks_up = False
        args = tuple(self.value_of(x) for x in (g, *saved))
        step = Step(None, pull, args, self._settings(settings), [], True)
        self.steps.append(step)
        tensors = []
        for result in results:
            array = np.array(0.0) if result is None else as_array(result).copy()
            value = Value(array.shape, array.dtype)
            step.outputs.append(value)
            tensors.append(None if result is None else Tensor._wrap(array))
            self.register(array, value)
        return tensors

    def accumulate(self, leaf: Any, g: Any) -> bool:
        target, value = self.of_tensor(leaf), self.value_of(g)
        if target.tensor is not leaf:
            raise errors.compiler.grad_inside(user_line())
        array = as_array(getattr(g, "value", g))
        before = leaf._grad
        if before is None:
            self._note_entry(target, True)
            # A view may share memory with another gradient: a leaf keeps its own.
            leaf._grad = Tensor._wrap(array if array.base is None else array.copy())
            self.register(leaf._grad.value, value)
            self.steps.append(Accumulate(target, value))
        else:
            onto = self.of_tensor(before)
            self._note_entry(target, False)
            before.value[...] += array
            total = self._step(OPS["Add"], (onto, value), {}, before.value, False)
            total.grad_of = target
            self.steps.append(Accumulate(target, total, onto))
        self._known_grads.add(id(leaf))
        return True

    def set_grad(self, x: Any, g: Any) -> None:
        if isinstance(x, Scalar):
            self.tape.set_grad(x, g)
            return
        if x._source is not None:
            raise errors.compiler.grad_inside(user_line())
        target = self.of_tensor(x)
        self._known_grads.add(id(x))
        self.steps.append(Accumulate(target, None if g is None else self.of_tensor(g)))

    def _note_entry(self, target: Value, is_none: bool) -> None:
        if id(target.tensor) not in self._known_grads:
            self.entry_grads.setdefault(id(target), (target, is_none))

    def _entry_grad(self, owner: Value) -> Value:
        """The gradient that a tensor from outside had when the call began."""
        grad = owner.tensor._grad
        self._note_entry(owner, False)
        value = Value(grad.shape, grad.value.dtype, "grad", tensor=owner.tensor, grad_of=owner)
        self.outside_grads.append(value)
        self.places.put_outside(grad.value, value)
        return value

    def optimize(self, optimizer: Any, run: Callable[[], Any]) -> Any:
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        for p in parameters:
            self.of_tensor(p)
        with unobserved():
            result = run()
        self.steps.append(Optimize(optimizer))
        for p in parameters:
            value = Value(p.shape, p.value.dtype, "outside", tensor=p)
            self.places.forget(p.value)
            self.register(p.value, value)
            self.outside.append(value)
        return result


class Pull:
    """All gradient rules of one node, applied to arrays as in an ordinary backward pass."""

    def __init__(self, op: Any, wanted: tuple[bool, ...], like: Any) -> None:
        self.op, self.wanted, self.like = op, wanted, like
        self.__name__ = f"{op.__name__}_rules"

    def __call__(self, g: Any, *saved: Any, **settings: Any) -> list[Any]:
        node = object.__new__(self.op)
        node.inputs = tuple(True if wanted else None for wanted in self.wanted)
        node.saved, node.settings, node.like, node.guards = saved, settings, self.like, ()
        return [np.zeros(()) if x is None else as_array(x) for x in node.vjp(g)]


class Draw:
    """A method of a random generator, looked up anew in each call: seeding replaces it."""

    def __init__(self, generator: Generator, place: device, name: str) -> None:
        self.generator, self.place, self.name = generator, place, name

    def __call__(self, *args: Any, **settings: Any) -> Any:
        return getattr(self.generator.drawing_on(self.place), self.name)(*args, **settings)


def _cells(function: Any) -> Any:
    """What a function, or the functions that it is partially applied to, remembers."""
    while hasattr(function, "func"):
        function = function.args[-1]
    return function.__closure__ or ()


def _without_history(g: Any) -> Any:
    """A gradient that nobody differentiates, without the graph of the rule that computed it."""
    return Tensor._wrap(g.value) if isinstance(g, Tensor) and g._source is not None else g


def _clone(g: Any) -> Any:
    return g.clone() if isinstance(g, Tensor) else g


def _array(x: Any) -> Any:
    return x.value if isinstance(x, Tensor) else plain(x)


def _summed_gradient(step: Step) -> Value | None:
    """What this is the gradient of, if it is the engine's sum of gradients from two consumers."""
    values = step.reads
    if step.kind != "Add" or len(values) != 2 or values[0].grad_of is not values[1].grad_of:
        return None
    return values[0].grad_of
