"""The graph for those who look closer: what nodes save, where gradients go, who made a node.

>>> import autodiff as ad
>>> x = ad.tensor([1.0, 2.0], requires_grad=True)
>>> with ad.autograd.graph.saved_tensors_hooks(lambda t: t.half(), lambda t: t.float()):
...     y = x.exp().sum()
>>> y.backward()
>>> x.grad
tensor([2.7188, 7.3906])
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from autodiff import errors
from autodiff.device import device
from autodiff.grad_mode import mode
from autodiff.graph import AccumulateGrad, Node, Output
from autodiff.hooks import TENSOR, Handle, as_variable
from autodiff.observe import Observer, unobserved
from autodiff.source import SourceLine, user_line

__all__ = [
    "GradientEdge", "Node", "SourceLine", "disable_saved_tensors_hooks", "get_gradient_edge",
    "increment_version", "record_lines", "register_multi_grad_hook", "save_on_cpu",
    "saved_tensors_hooks", "source_of",
]  # fmt: skip


# -- what nodes save ----------------------------------------------------------------------------


class _Refused(threading.local):
    message: str | None = None


_refused = _Refused()


class saved_tensors_hooks(Observer):  # noqa: N801 - PyTorch's name
    """Inside, what nodes save for the backward pass is packed; it is unpacked when used.

    Where these nest, the innermost applies. Changes of a packed tensor are not noticed.

    Args:
        pack_hook: called with each tensor to save, as soon as its node is made; must not write
            into it. Returns anything.
        unpack_hook: called with what ``pack_hook`` returned; returns a tensor of the same
            shape and dtype, and the same content.

    Raises:
        RuntimeError: inside `disable_saved_tensors_hooks`.

    >>> import autodiff as ad
    >>> stored = {}
    >>> def to_store(t):
    ...     stored[len(stored)] = t.numpy().tobytes()
    ...     return len(stored) - 1, t.shape
    >>> def from_store(packed):
    ...     import numpy as np
    ...     key, shape = packed
    ...     return ad.tensor(np.frombuffer(stored[key], np.float32).reshape(shape))
    >>> x = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> with ad.autograd.graph.saved_tensors_hooks(to_store, from_store):
    ...     y = (x * x).sum()
    >>> len(stored)
    2
    >>> y.backward()
    >>> x.grad
    tensor([2., 4.])
    """

    def __init__(self, pack_hook: Callable[[Any], Any], unpack_hook: Callable[[Any], Any]) -> None:
        self.pack_hook, self.unpack_hook = pack_hook, unpack_hook

    def made(self, node: Any, result: Any) -> None:
        innermost = next(o for o in reversed(mode.observers) if isinstance(o, saved_tensors_hooks))
        if innermost is not self:
            return
        with unobserved():  # what the hook computes is not part of what is observed
            node.pack_saved(self.pack_hook, self.unpack_hook)

    def __enter__(self) -> Any:
        if _refused.message is not None:
            raise RuntimeError(_refused.message)
        return super().__enter__()


class save_on_cpu(saved_tensors_hooks):  # noqa: N801 - PyTorch's name
    """Inside, saved tensors are kept in the memory of the CPU, and moved back when used.

    Args:
        pin_memory: accepted for compatibility; memory is never pinned here.
        device_type: accepted for compatibility.

    >>> import autodiff as ad
    >>> x = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> with ad.autograd.graph.save_on_cpu():
    ...     y = (x * x).sum()
    >>> y.backward()
    >>> x.grad
    tensor([2., 4.])
    """

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        def unpack(packed: tuple[device, Any]) -> Any:
            home, x = packed
            return x.to(home)

        super().__init__(lambda x: (x.device, x.cpu()), unpack)


@contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Iterator[None]:
    """Inside, `saved_tensors_hooks` raises a RuntimeError with this message.

    Raises:
        RuntimeError: such hooks are active already.

    >>> import autodiff as ad
    >>> with ad.autograd.graph.disable_saved_tensors_hooks("not here"):
    ...     with ad.autograd.graph.save_on_cpu():
    ...         pass
    Traceback (most recent call last):
    RuntimeError: not here
    """
    if any(isinstance(observer, saved_tensors_hooks) for observer in mode.observers):
        raise RuntimeError(error_message)
    before, _refused.message = _refused.message, error_message
    try:
        yield
    finally:
        _refused.message = before


def increment_version(tensor: Any) -> None:
    """Say that the memory of a tensor, or of each of several, was written to from outside.

    >>> import autodiff as ad
    >>> x = ad.zeros(2)
    >>> ad.autograd.graph.increment_version(x)
    >>> x._version
    1
    """
    from autodiff.views import mark_written

    for x in [tensor] if hasattr(tensor, "version") else tensor:
        mark_written(x)


# -- where gradients go -------------------------------------------------------------------------


class GradientEdge(NamedTuple):
    """Where the gradient with respect to a tensor goes: a node, and which of its outputs.

    `grad` and `backward` take it in place of the tensor, as a result and as an input, so the
    tensor itself need not be kept.

    >>> import autodiff as ad
    >>> x = ad.tensor(3.0, requires_grad=True)
    >>> edge = ad.autograd.graph.get_gradient_edge(x)
    >>> ad.autograd.grad(x * x, edge)
    (tensor(6.),)
    """

    node: Any
    output_nr: int
    ownership_token: Any = None


def get_gradient_edge(tensor: Any) -> GradientEdge:
    """The place in the graph where the gradient with respect to ``tensor`` is computed.

    Raises:
        RuntimeError: the tensor does not require grad.

    >>> import autodiff as ad
    >>> x = ad.tensor(3.0, requires_grad=True)
    >>> y = x * x
    >>> edge = ad.autograd.graph.get_gradient_edge(y)
    >>> edge.node
    <MulBackward0>
    >>> ad.autograd.grad(y * 5, edge)
    (tensor(5.),)
    """
    entry = tensor.edge
    if entry is None:
        raise errors.autograd.gradient_edge_without_grad()
    node = AccumulateGrad(entry) if entry is tensor else tensor.grad_fn
    return GradientEdge(node, tensor.output_nr, entry)


def entry_of(x: Any) -> Any:
    """The engine's entry for a variable or a `GradientEdge`, None where no gradient goes."""
    if not isinstance(x, GradientEdge):
        return x.edge
    if x.ownership_token is not None:
        return x.ownership_token
    if isinstance(x.node, AccumulateGrad):
        return x.node.variable
    if x.output_nr == 0 and isinstance(x.node, Node) and not isinstance(x.node, Output):
        return x.node
    raise errors.autograd.gradient_edge_by_hand()


class MultiHandle:
    """The handle of a hook on several tensors."""

    def __init__(self, handles: Sequence[Handle]) -> None:
        self.handles = handles

    def remove(self) -> None:
        for handle in self.handles:
            handle.remove()

    def __enter__(self) -> MultiHandle:
        return self

    def __exit__(self, *exception: object) -> None:
        self.remove()


def register_multi_grad_hook(
    tensors: Sequence[Any], fn: Callable[[Any], None], *, mode: str = "all"
) -> MultiHandle:
    """Call ``fn`` when the gradients of several tensors are complete.

    Args:
        tensors: they require grad.
        fn: with mode "all" called once per backward pass with the list of all gradients, None for
            the tensors that the pass does not reach; with "any" with the first one to arrive.
        mode: "all" or "any".

    Raises:
        ValueError: another mode.
        RuntimeError: a tensor does not require grad.

    >>> import autodiff as ad
    >>> x, y = (ad.tensor(v, requires_grad=True) for v in (2.0, 3.0))
    >>> handle = ad.autograd.graph.register_multi_grad_hook([x, y], print)
    >>> (x * y).backward()
    [tensor(3.), tensor(2.)]
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    entries = [entry_of(x) for x in tensors]
    if None in entries:
        raise errors.autograd.hook_without_grad()
    passes: dict[int, tuple[Any, dict[int, Any], int]] = {}  # by pass: gradients so far, how many

    def hook_number(i: int) -> Callable[..., None]:
        def hook(g: Any, create_graph: bool, order: Sequence[Any]) -> None:
            key = id(order)
            if key not in passes:
                # Holding the order itself keeps its id from being given to a later pass.
                passes.clear()
                visited = set(order)
                passes[key] = (order, {}, sum(entry in visited for entry in entries))
            _, gradients, expected = passes[key]
            gradients[i] = as_variable(g)
            if mode == "any":
                if len(gradients) == 1:
                    fn(gradients[i])
            elif len(gradients) == expected:
                fn([gradients.get(i) for i in range(len(entries))])
            if len(gradients) == expected:
                del passes[key]

        return hook

    return MultiHandle([Handle(x, hook_number(i), TENSOR) for i, x in enumerate(entries)])


# -- who made a node ----------------------------------------------------------------------------


class record_lines(Observer):  # noqa: N801 - a context manager, like no_grad
    """Inside, each new node remembers the line of the user's program that made it.

    That line is the innermost one outside this package; `source_of` shows it. Anomaly detection
    records lines too. Context manager or decorator.

    >>> import autodiff as ad
    >>> x = ad.tensor(3.0, requires_grad=True)
    >>> with ad.autograd.graph.record_lines():
    ...     y = x * x
    >>> ad.autograd.graph.source_of(y.grad_fn).text
    'y = x * x'
    """

    def made(self, node: Any, result: Any) -> None:
        node.metadata["source"] = user_line()


def source_of(node: Any) -> SourceLine | None:
    """The line that made ``node``, if it was made inside `record_lines` or anomaly detection.

    >>> import autodiff as ad
    >>> x = ad.Scalar(3.0)
    >>> ad.autograd.graph.source_of((x * x).grad_fn) is None
    True
    """
    return node.metadata.get("source")
