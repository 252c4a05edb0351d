"""Hooks of modules: functions that are called around ``forward``, and when gradients pass."""

from __future__ import annotations

import itertools
from typing import Any

from autodiff.autograd.function import Function
from autodiff.tensor import Tensor

__all__ = ["KINDS", "ModuleHandle", "call_with_hooks"]

KINDS = ("pre", "forward", "backward_pre", "backward")
"""Before forward, after it, before gradients enter a module, after they left it."""

_ids = itertools.count()


class ModuleHandle:
    """What registering a hook returns: ``remove()`` takes the hook away again."""

    def __init__(self, hooks: dict[int, Any], entry: Any, prepend: bool = False) -> None:
        self.id, self._hooks = next(_ids), hooks
        if prepend:
            rest = dict(hooks)
            hooks.clear()
            hooks[self.id] = entry
            hooks.update(rest)
        else:
            hooks[self.id] = entry

    def remove(self) -> None:
        """Take the hook away; a second time does nothing."""
        self._hooks.pop(self.id, None)

    def __enter__(self) -> ModuleHandle:
        return self

    def __exit__(self, *exception: object) -> None:
        self.remove()


def call_with_hooks(
    module: Any, hooks: dict[str, dict[int, Any]], inputs: tuple[Any, ...], named: dict[str, Any]
) -> Any:
    """Run ``module.forward`` with everything that is hooked to it."""
    for hook, with_kwargs in list(hooks["pre"].values()):
        given = hook(module, inputs, named) if with_kwargs else hook(module, inputs)
        if given is not None:
            if with_kwargs:
                inputs, named = given
            else:
                inputs = given if isinstance(given, tuple) else (given,)
    gate = _Gate(module, hooks) if hooks["backward"] or hooks["backward_pre"] else None
    if gate is not None:
        inputs = gate.enter(inputs)
    result = module.forward(*inputs, **named)
    for hook, with_kwargs in list(hooks["forward"].values()):
        arguments = (module, inputs, named, result) if with_kwargs else (module, inputs, result)
        given = hook(*arguments)
        if given is not None:
            result = given
    return result if gate is None else gate.leave(result)


class _Boundary(Function):
    """Values that pass into or out of a module, where their gradients can be met."""

    @staticmethod
    def forward(ctx: Any, *values: Any) -> Any:
        return tuple(value.clone() for value in values)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        return gradients


class _Gate:
    """The two boundaries of one call of a module, and what crosses them backwards."""

    def __init__(self, module: Any, hooks: dict[str, dict[int, Any]]) -> None:
        self.module, self.hooks = module, hooks
        self.grad_outputs: tuple[Any, ...] = ()
        self.has_entry = False

    def enter(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        wanted = [i for i, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
        if not wanted:
            return inputs
        self.has_entry = True
        passed = _Boundary.apply(*[inputs[i] for i in wanted])
        node = passed[0].grad_fn

        def left(grad_inputs: tuple[Any, ...], _: tuple[Any, ...]) -> Any:
            full: list[Any] = [None] * len(inputs)
            for i, g in zip(wanted, grad_inputs, strict=False):
                full[i] = g
            changed = self._call_hooks(tuple(full))
            return None if changed is None else tuple(changed[i] for i in wanted)

        node.register_hook(left)
        renewed = list(inputs)
        for i, x in zip(wanted, passed, strict=True):
            renewed[i] = x
        return tuple(renewed)

    def leave(self, result: Any) -> Any:
        several = isinstance(result, tuple)
        parts = result if several else (result,)
        wanted = [i for i, x in enumerate(parts) if isinstance(x, Tensor) and x.requires_grad]
        if not wanted:
            return result
        passed = _Boundary.apply(*[parts[i] for i in wanted])

        def entered(gradients: tuple[Any, ...]) -> Any:
            full: list[Any] = [None] * len(parts)
            for i, g in zip(wanted, gradients, strict=False):
                full[i] = g
            outputs: tuple[Any, ...] = tuple(full)
            for hook in list(self.hooks["backward_pre"].values()):
                given = hook(self.module, outputs)
                if given is not None:
                    outputs = given if isinstance(given, tuple) else (given,)
            self.grad_outputs = outputs
            if not self.has_entry:
                self._call_hooks(())
            return tuple(outputs[i] for i in wanted)

        passed[0].grad_fn.register_prehook(entered)
        renewed = list(parts)
        for i, x in zip(wanted, passed, strict=True):
            renewed[i] = x
        return tuple(renewed) if several else renewed[0]

    def _call_hooks(self, grad_inputs: tuple[Any, ...]) -> tuple[Any, ...] | None:
        changed = None
        for hook in list(self.hooks["backward"].values()):
            given = hook(self.module, grad_inputs, self.grad_outputs)
            if given is not None:
                changed = grad_inputs = given if isinstance(given, tuple) else (given,)
        return changed
