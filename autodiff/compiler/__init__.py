"""Compiling: one recorded call of a function, written out as Python source that Numba compiles.

`call` is what a user holds. A call goes through these modules:

- `record`: `trace` notes the steps as a `program`, `watched` what happens between ops, and
  `places` knows which value each array is;
- `simplify` drops what nobody needs, and `history` remembers what became of each step;
- `fuse` puts steps into common loops, and `buffers` finds room for what is left;
- `emit` writes it down: `names`, `imports`, `lines` (one step), `loops` with `expressions`, `rows`;
- `cache` keeps it on disk, `native` its loops as machine code, which `numba_code` makes (those
  with sin and cos twice: `near`);
- `entry` runs it, with `runtime` and `mathematics`; `node` is its place in a larger graph.

For a GPU `emit_gpu`, `kernels`, `gpu` and `watched_on_gpu` take the places of `emit`, `loops`,
`runtime` and `watched`. Functions of single numbers have a shorter way: `numbers`, `tape`,
`straight`. Pictures read `outline` and `number_outline`. Nothing of this, nor Numba, is imported
before something is compiled.
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
