"""Whether operations are being recorded, per thread: no_grad, enable_grad and their relatives."""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable
from contextlib import ContextDecorator
from typing import Any, TypeVar

__all__ = [
    "enable_grad", "inference_mode", "is_grad_enabled", "is_inference_mode_enabled", "no_grad",
    "set_grad_enabled",
]  # fmt: skip

F = TypeVar("F", bound=Callable[..., Any])


class _Everywhere:
    """Whether all threads record and none is observed: one question, asked at every operation.

    It takes a third of the time of asking the thread's own mode, which is asked when this is False.
    """

    __slots__ = ("fast", "others", "lock")

    def __init__(self) -> None:
        self.fast = True
        self.others: set[int] = set()  # threads that do not record, or are observed
        self.lock = threading.Lock()

    def change(self, fast: bool) -> None:
        """Note that this thread went over to its plain mode, or left it.

        Said twice it is as good as once: Ctrl-C may come before it, and then it is said again.
        """
        thread = threading.get_ident()
        with self.lock:
            if fast:
                self.others.discard(thread)
            else:
                self.others.add(thread)
            self.fast = not self.others


everywhere = _Everywhere()


class _Mode(threading.local):
    enabled = True  # operations are recorded
    inference = False  # ... and never will be: see `inference_mode`
    observers: tuple[Any, ...] = ()  # see `autodiff.observe`
    fast = True  # recorded, and nobody observes: the generated paths may run
    special = False  # observed, or inference: the general path runs

    def switch(self, enabled: bool) -> None:
        """Start or stop recording."""
        self.enabled = enabled and not self.inference
        self._settle()

    def observe(self, observers: tuple[Any, ...]) -> None:
        """Show what happens from now on to these observers alone."""
        self.observers = observers
        self._settle()

    def _settle(self) -> None:
        self.special = self.inference or bool(self.observers)
        fast = self.enabled and not self.observers
        if fast != self.fast:
            self.fast = fast
            everywhere.change(fast)


mode = _Mode()


def is_grad_enabled() -> bool:
    """True where operations on variables that require grad are recorded.

    >>> import autodiff as ad
    >>> ad.is_grad_enabled()
    True
    """
    return mode.enabled


def is_inference_mode_enabled() -> bool:
    """True inside `inference_mode`.

    >>> import autodiff as ad
    >>> ad.is_inference_mode_enabled()
    False
    """
    return mode.inference


class _GradMode(ContextDecorator):
    """Sets the mode on entry, restores the previous one on exit; nests, and decorates functions."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled
        self.previous: list[bool] = []

    def _recreate_cm(self) -> _GradMode:
        # A decorated function may run in several threads at once: each call gets its own stack.
        return _GradMode(self.enabled)

    def __call__(self, function: F) -> F:
        if inspect.isgeneratorfunction(function):
            return _in_each_step(self._recreate_cm, function)
        return super().__call__(function)

    def __enter__(self) -> None:
        self.previous.append(mode.enabled)
        try:
            self._switch()
        except BaseException:  # Ctrl-C in the middle: nobody will call __exit__
            self.__exit__()
            raise

    def _switch(self) -> None:
        mode.switch(self.enabled)

    def __exit__(self, *exception: object) -> None:
        mode.switch(self.previous.pop())


def _in_each_step(make: Callable[[], Any], function: Callable[..., Any]) -> Any:
    """A generator function that has its mode while it runs, and not while its caller does."""

    @functools.wraps(function)
    def generator(*args: Any, **kwargs: Any) -> Any:
        inner = function(*args, **kwargs)
        step: Callable[..., Any] = inner.send
        values: tuple[Any, ...] = (None,)
        while True:
            try:
                with make():
                    item = step(*values)
            except StopIteration as end:
                return end.value
            try:
                sent = yield item
            except GeneratorExit:
                with make():
                    inner.close()
                raise
            except BaseException as error:
                step, values = inner.throw, (error,)
            else:
                step, values = inner.send, (sent,)

    return generator


class no_grad(_GradMode):  # noqa: N801 - PyTorch's name
    """Stop recording: results computed inside do not require grad. Context manager or decorator.

    >>> import autodiff as ad
    >>> x = ad.tensor(2.0, requires_grad=True)
    >>> with ad.no_grad():
    ...     y = x * x
    >>> y.requires_grad
    False
    """

    def __new__(cls, function: Any = None) -> Any:
        if function is not None:
            return cls()(function)
        return super().__new__(cls)

    def __init__(self) -> None:
        super().__init__(False)


class enable_grad(_GradMode):  # noqa: N801 - PyTorch's name
    """Record again, inside a `no_grad` block. Context manager or decorator.

    >>> import autodiff as ad
    >>> x = ad.tensor(2.0, requires_grad=True)
    >>> with ad.no_grad(), ad.enable_grad():
    ...     y = x * x
    >>> y.requires_grad
    True
    """

    def __new__(cls, function: Any = None) -> Any:
        if function is not None:
            return cls()(function)
        return super().__new__(cls)

    def __init__(self) -> None:
        super().__init__(True)


class inference_mode(_GradMode):  # noqa: N801 - PyTorch's name
    """Like `no_grad`, for results that will never be part of a graph.

    Writes to a tensor made inside are not counted, so outside it cannot be written to, nor be
    saved for a backward pass; a `clone` of it can. Context manager or decorator.

    Args:
        mode: with False it is off inside.

    >>> import autodiff as ad
    >>> with ad.inference_mode():
    ...     x = ad.ones(2)
    >>> x.is_inference()
    True
    >>> x.requires_grad_()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    RuntimeError: Setting requires_grad=True on inference tensor outside InferenceMode is not ...
    """

    def __new__(cls, mode: Any = True) -> Any:
        if callable(mode):
            return cls()(mode)
        return super().__new__(cls)

    def __init__(self, mode: bool = True) -> None:
        super().__init__(not mode)
        self.before: list[bool] = []

    def _recreate_cm(self) -> inference_mode:
        return inference_mode(not self.enabled)

    def __enter__(self) -> None:
        self.before.append(mode.inference)
        super().__enter__()

    def _switch(self) -> None:
        mode.inference = not self.enabled
        super()._switch()

    def __exit__(self, *exception: object) -> None:
        mode.inference = self.before.pop()
        super().__exit__()


class set_grad_enabled(_GradMode):  # noqa: N801 - PyTorch's name
    """Switch recording on or off, at once; as a context manager it also restores on exit.

    >>> import autodiff as ad
    >>> with ad.set_grad_enabled(False):
    ...     ad.is_grad_enabled()
    False
    >>> ad.is_grad_enabled()
    True
    """

    def __init__(self, mode: bool) -> None:
        super().__init__(mode)
        self._entered = False
        super().__enter__()

    def __call__(self, function: F) -> F:
        # As a decorator it is for the function alone: undo what making it switched.
        self.__exit__()
        return super().__call__(function)

    def __enter__(self) -> None:
        if self._entered:
            super().__enter__()
        self._entered = True
