"""The public forms of where: of two values the one that a condition asks for, or positions."""

from __future__ import annotations

from typing import Any

from autodiff import errors
from autodiff.ops.choice import Where
from autodiff.public import METHODS, public


@public(method=False)
def where(condition: Any, input: Any = None, other: Any = None) -> Any:
    """``input`` where the condition holds, else ``other``; all three are broadcast.

    With the condition alone: where it holds, as one tensor of positions per dimension.

    Raises:
        RuntimeError: ``condition`` does not hold truth values.
        TypeError: one of the two values is missing.

    >>> import autodiff as ad
    >>> x = ad.tensor([-1.0, 2.0])
    >>> ad.where(x > 0, x, 0)
    tensor([0., 2.])
    >>> ad.where(x > 0)
    (tensor([1]),)
    """
    if input is None and other is None:
        return condition.nonzero(as_tuple=True)
    if input is None or other is None:
        raise errors.functions.missing_argument("where", "input" if input is None else "other")
    return Where.apply(condition, input, other)


def _where(x: Any, condition: Any, other: Any) -> Any:
    """``x`` where the condition holds, else ``other``: `autodiff.where` as a method.

    >>> import autodiff as ad
    >>> x = ad.tensor([-1.0, 2.0])
    >>> x.where(x > 0, 0)
    tensor([0., 2.])
    """
    return Where.apply(condition, x, other)


METHODS["where"] = _where
