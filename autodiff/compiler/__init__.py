"""Compiling: one recorded call of a function, written out as Python source that Numba compiles.

`trace` records a call as a `Program`; `simplify` drops what nobody needs, `fuse` puts steps into
common loops, `buffers` finds room for what is left, and `emit` writes all of it down. `call` is
what a user holds. Nothing of this, nor Numba, is imported before something is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autodiff.compiler.call import Compiled

__all__ = ["compile"]


def compile(function: Callable[..., Any]) -> Compiled:
    """The function as a program: recorded when it is first called, then run without Python's toll.

    ``print(f.source)`` shows the program. Results equal those of the function to rounding. New
    shapes, dtypes or other arguments are recorded anew. What the function does besides computing
    with tensors (print, append to a list) happens only while it is recorded.

    Args:
        function: a function of tensors, a module, or a whole training step that calls
            ``backward()`` and an optimizer's ``step()``. Also a decorator.

    Raises:
        RuntimeError: when it is called: the function asks for values of a tensor, as ``if x > 0``.

    >>> import autodiff as ad
    >>> @ad.compile
    ... def f(x):
    ...     return (x * x + 1).sum()
    >>> x = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> f(x).item()
    7.0
    >>> f(x).backward()
    >>> x.grad
    tensor([2., 4.])
    """
    from autodiff.compiler.call import Compiled

    return Compiled(function)
