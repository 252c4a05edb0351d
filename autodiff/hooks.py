"""Hooks: functions to call when a gradient is complete, sent on, or accumulated.

A node or leaf keeps its hooks in a dictionary, each with the phase it belongs to. The phases run
in PyTorch's order, and within a phase hooks run as they were registered.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Sequence
from typing import Any

__all__ = [
    "AFTER", "NODE", "RETAIN", "TENSOR", "Handle", "HookedNode", "as_variable", "post_hooks",
    "run_after_accumulating", "run_hooks", "run_post_hooks",
]  # fmt: skip

TENSOR, RETAIN, NODE, AFTER = range(4)
"""The phases: hooks of the tensor, `retain_grad`, hooks before its node, after accumulating."""

post_hooks: weakref.WeakKeyDictionary[Any, dict[int, Callable[..., Any]]]
post_hooks = weakref.WeakKeyDictionary()
"""Hooks to call after a node ran. They are rare, so nodes keep no place for them."""


class Handle:
    """What registering a hook returns: ``remove()`` takes the hook away again."""

    _ids = itertools.count()

    def __init__(self, owner: Any, hook: Callable[..., Any], phase: int = TENSOR) -> None:
        self.id = next(Handle._ids)
        if owner.hooks is None:
            owner.hooks = {}
        owner.hooks[self.id] = (phase, hook)
        self.owner = weakref.ref(owner)

    def remove(self) -> None:
        """Take the hook away; a second time does nothing."""
        owner = self.owner()
        if owner is not None and owner.hooks is not None:
            owner.hooks.pop(self.id, None)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *exception: object) -> None:
        self.remove()


class PostHandle(Handle):
    """The handle of a hook to call after a node ran."""

    def __init__(self, owner: Any, hook: Callable[..., Any]) -> None:
        self.id = next(Handle._ids)
        self.owner = weakref.ref(owner)
        post_hooks.setdefault(owner, {})[self.id] = hook

    def remove(self) -> None:
        owner = self.owner()
        hooks = post_hooks.get(owner, {}) if owner is not None else {}
        hooks.pop(self.id, None)
        if owner is not None and not hooks:
            post_hooks.pop(owner, None)


class HookedNode:
    """What nodes offer besides what the engine asks of them: notes and hooks, as in PyTorch."""

    __slots__ = ("_metadata",)

    _metadata: dict[str, Any]

    @property
    def metadata(self) -> dict[str, Any]:
        """Notes about this node, for anyone to read and write.

        >>> import autodiff as ad
        >>> node = (ad.Scalar(2.0) * 3).grad_fn
        >>> node.metadata["part"] = "encoder"
        >>> node.metadata
        {'part': 'encoder'}
        """
        try:
            return _notes_of(self)
        except AttributeError:
            self._metadata = {}
            return self._metadata

    def register_prehook(self, hook: Callable[..., Any]) -> Handle:
        """Call ``hook(grad_outputs)`` before the node computes the gradients of its inputs.

        A tuple that the hook returns takes the place of ``grad_outputs``.

        >>> import autodiff as ad
        >>> x = ad.tensor(3.0, requires_grad=True)
        >>> y = x * x
        >>> handle = y.grad_fn.register_prehook(lambda grad_outputs: (grad_outputs[0] * 10,))
        >>> y.backward()
        >>> x.grad
        tensor(60.)
        """

        def before(g: Any, create_graph: bool, order: Sequence[Any]) -> Any:
            replacement = hook(_as_outputs(g))
            if replacement is None:
                return None
            parts = [_as_gradient(part, create_graph) for part in replacement]
            return type(g)(parts) if hasattr(g, "parts") else parts[0]

        return Handle(self, before, NODE)

    def register_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call ``hook(grad_inputs, grad_outputs)`` after the node computed its inputs' gradients.

        A tuple that the hook returns takes the place of ``grad_inputs``.

        >>> import autodiff as ad
        >>> x = ad.tensor(3.0, requires_grad=True)
        >>> y = x * 2
        >>> handle = y.grad_fn.register_hook(lambda grad_inputs, grad_outputs: print(grad_inputs))
        >>> y.backward()
        (tensor(2.), None)
        """
        return PostHandle(self, hook)


_notes_of = HookedNode._metadata.__get__  # type: ignore[attr-defined,misc]
"""Reads the slot itself: nodes that have no notes yet go no detour by their ``__getattr__``."""


def run_hooks(node: Any, g: Any, create_graph: bool, order: Sequence[Any]) -> Any:
    """Give the complete gradient to each hook in turn; one that returns a value replaces it.

    ``order`` holds the nodes of the pass, which tells a hook which other gradients will arrive.
    """
    for phase, hook in sorted(node.hooks.values(), key=_phase):
        if phase != AFTER:
            replacement = hook(g, create_graph, order)
            if replacement is not None:
                g = replacement
    # A hook may keep what it saw or returned, and a leaf adds to what it is given.
    return g if node.inputs else node.own(g)


def run_after_accumulating(leaf: Any, g: Any) -> None:
    """Call the hooks that wait until ``g`` has been added to the ``.grad`` of a leaf."""
    for phase, hook in list((leaf.hooks or {}).values()):
        if phase == AFTER:
            hook(g)


def run_post_hooks(node: Any, g: Any, contributions: Any, create_graph: bool) -> Any:
    """Show what a node received and computed to each of its post hooks in turn."""
    for hook in list(post_hooks.get(node, {}).values()):
        replacement = hook(tuple(map(as_variable, contributions)), _as_outputs(g))
        if replacement is not None:
            contributions = [_as_gradient(part, create_graph) for part in replacement]
    return contributions


def as_variable(g: Any) -> Any:
    """A gradient of the engine as the variable that a user's function expects."""
    from autodiff.scalar import Scalar
    from autodiff.tensor import Tensor

    if g is None:
        return None
    return (Scalar if type(g) in (float, Scalar) else Tensor)._as_variable(g)


def _as_gradient(x: Any, create_graph: bool) -> Any:
    """What a hook returned, as the engine hands it on."""
    return x if create_graph else getattr(x, "value", x)


def _as_outputs(g: Any) -> tuple[Any, ...]:
    return tuple(as_variable(part) for part in getattr(g, "parts", (g,)))


def _phase(entry: tuple[int, Callable[..., Any]]) -> int:
    return entry[0]
