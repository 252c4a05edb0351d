"""Observers: whoever wants to see each op as it is applied and each node as it is differentiated.

Anomaly detection, the profiler, `record_lines` and `saved_tensors_hooks` are observers. While none
is active nothing here runs: the generated paths and the engine ask one question that they ask
anyway, `mode.fast`, and once per backward pass whether anybody is watching.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ContextDecorator, contextmanager
from functools import partial
from typing import Any

from autodiff.grad_mode import mode
from autodiff.hooks import post_hooks, run_post_hooks

__all__ = ["Observer", "apply", "around", "made", "tell", "unobserved", "vjp", "watching"]


class Observer(ContextDecorator):
    """Base of observers: a context manager that is active, in its thread, while it is entered."""

    def around(self, name: str, run: Callable[[], Any]) -> Any:
        """Called in place of ``run``, which applies the op ``name``; returns what it returns."""
        return run()

    def made(self, node: Any, result: Any) -> None:
        """Called with each node that was just put into the graph, and its (first) result."""

    def applied(self, op: Any, inputs: tuple[Any, ...], settings: dict[str, Any], out: Any) -> None:
        """Called after each op that was applied to variables, recorded or not."""

    def written(self, x: Any, result: Any) -> None:
        """Called when ``x`` has taken over the elements of ``result``, in place."""

    def read(self, x: Any, how: str) -> None:
        """Called before elements of ``x`` leave the world of tensors: as numbers, as an array."""

    def set_grad(self, x: Any, g: Any) -> None:
        """Called when a program has assigned ``g`` to ``x.grad``."""

    def accumulate(self, leaf: Any, g: Any) -> bool:
        """Called before ``g`` is added to ``leaf.grad``. True: the observer has done that."""
        return False

    def optimize(self, optimizer: Any, run: Callable[[], Any]) -> Any:
        """Called in place of ``run``, which lets an optimizer change its parameters."""
        return run()

    def scheduled(self, schedule: Any) -> None:
        """Called before a schedule of the learning rate sets new rates."""

    def backward(
        self, seeds: Any, create_graph: bool, deliver: Any
    ) -> tuple[Any, bool, Callable[[Any, Any], None] | None]:
        """Called before each backward pass; returns what it shall run with."""
        return seeds, create_graph, deliver

    def step(self, node: Any, run: Callable[[], Any]) -> Any:
        """Called in place of ``run``, which computes the gradients of the inputs of ``node``."""
        return run()

    def __enter__(self) -> Any:
        before = mode.observers
        try:
            mode.observe((*before, self))
        except BaseException:  # Ctrl-C in the middle: nobody will call __exit__
            mode.observe(before)
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        observers = list(mode.observers)
        observers.remove(self)
        mode.observe(tuple(observers))


def apply(kind: Any, op: Any, inputs: tuple[Any, ...], settings: dict[str, Any]) -> Any:
    """Apply ``op`` as ``kind`` does, watched. Ops inside of an op are its own business."""

    def run() -> Any:
        with unobserved():
            return kind._apply(op, inputs, settings)

    result = around(op.__name__, run)
    first = result[0] if op.extras else result
    node = getattr(first, "_source", None)
    if node is not None:
        made(node, first)
    tell("applied", op, inputs, settings, result)
    return result


@contextmanager
def unobserved() -> Iterator[None]:
    """What happens in this thread while this is entered is not shown to its observers."""
    observers = mode.observers
    try:
        mode.observe(())
        yield
    finally:
        mode.observe(observers)


def tell(event: str, *what: Any) -> None:
    """Call the method ``event`` of each observer."""
    for observer in mode.observers:
        getattr(observer, event)(*what)


def around(name: str, run: Callable[[], Any]) -> Any:
    """Run one application with each observer around it."""
    for observer in mode.observers:
        run = partial(observer.around, name, run)
    return run()


def made(node: Any, result: Any) -> None:
    """Show a new node and its result to the observers, the innermost first, as nested hooks do."""
    for observer in reversed(mode.observers):
        observer.made(node, result)


def watching() -> bool:
    """Whether anybody wants to see the nodes of a backward pass at work."""
    # Its length takes a WeakKeyDictionary ten times as long as the dictionary inside it.
    return bool(mode.observers or post_hooks.data)  # type: ignore[attr-defined]


def vjp(node: Any, g: Any, create_graph: bool) -> Sequence[Any]:
    """The gradients of the inputs of ``node``, watched by observers and by the node's hooks."""

    def run() -> Any:
        return node.differentiable_vjp(g) if create_graph else node.vjp(g)

    for observer in mode.observers:
        run = partial(observer.step, node, run)
    contributions = run()
    return run_post_hooks(node, g, contributions, create_graph) if post_hooks else contributions
