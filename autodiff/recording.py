"""How an application of an op is recorded: the functions that make nodes, and what they keep.

What a node keeps depends on which inputs want a gradient. For each pattern of inputs a *recorder*
is generated (see `autodiff.generate`), when the pattern first occurs.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autodiff.arrays import ARRAYS
from autodiff.generate import CONSTANT, WANTED, define, recorder_source

if TYPE_CHECKING:
    from autodiff.op import Op

__all__ = ["SMALL", "Faded", "Recording", "keepsake", "key_of", "record_some", "recorder"]

SMALL = 4096
"""Arrays of at most this many elements stay visible in drawings after their tensor is gone."""


class Recording:
    """Base of values that record the ops applied to them (`Scalar` and `Tensor`)."""

    __slots__ = ()

    @staticmethod
    def _apply(op: type[Op], inputs: tuple[Any, ...], settings: dict[str, Any]) -> Any:
        """Apply ``op`` to values of this kind, recording it where a gradient is wanted."""
        raise NotImplementedError


def recorder(op: type[Op], key: int) -> Callable[..., Op] | None:
    """The function that makes the node for inputs of the kinds that ``key`` spells out.

    ``key`` is a number in base 3: a leading 1, then the kind of each input; negative for floats,
    which unlike arrays have no versions to remember. When no input wants a gradient there is
    nothing to record, and the answer is None.
    """
    if key not in op.recorders:
        op.recorders[key] = _make_recorder(op, _kinds(abs(key)), versions=key > 0)
    return op.recorders[key]


def key_of(op: type[Op], kinds: Iterable[int]) -> int:
    """The key of inputs of these kinds; for an op of any number of inputs, of the kinds that occur.

    With the kind of each input, such an op would get a recorder for every length, for ever.
    """
    key = 1
    for kind in sorted(set(kinds)) if op.variadic else kinds:
        key = 3 * key + kind
    return key


def record_some(
    op: type[Op],
    inputs: tuple[Any, ...],
    edges: tuple[Any, ...],
    values: tuple[Any, ...],
    out: Any,
    settings: dict[str, Any],
    result: Any,
) -> None:
    """Give ``result`` its node where only some of the inputs, all variables, want a gradient."""
    key = key_of(op, [CONSTANT if edge is None else WANTED for edge in edges])
    if type(out) is float:
        key = -key
    record = op.recorders.get(key) or recorder(op, key)
    if record is not None:
        result._source = record(inputs, edges, values, out, (), settings, result)
        result._requires_grad = True


def _kinds(key: int) -> list[int]:
    kinds = []
    while key > 1:
        key, kind = divmod(key, 3)
        kinds.append(kind)
    return kinds[::-1]


def _make_recorder(op: type[Op], kinds: list[int], versions: bool) -> Callable[..., Op] | None:
    if WANTED not in kinds or not op.differentiable:
        return None
    namespace = {"new": object.__new__, "op": op, "keepsake": keepsake, "constants": _constants}
    return define(recorder_source(op, kinds, versions), "record", namespace)


def _constants(edges: Sequence[Any], values: Sequence[Any]) -> tuple[Any, ...]:
    """The inputs that no gradient flows to, for drawings."""
    return tuple([keepsake(v) if x is None else None for x, v in zip(edges, values, strict=True)])


class Faded:
    """What a drawing still knows of a large array: its shape, dtype, and itself while it lives."""

    __slots__ = ("shape", "dtype", "reference")

    def __init__(self, array: Any) -> None:
        self.shape, self.dtype = array.shape, array.dtype
        self.reference = weakref.ref(array)


def keepsake(value: Any) -> Any:
    """``value`` itself when it is small, else a `Faded` stand-in that does not keep it alive."""
    return Faded(value) if isinstance(value, ARRAYS) and value.size > SMALL else value
