"""Reading the numbers in an answer, and comparing values and graphs with what was expected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["UnclearError", "close", "flat", "given", "numbers_in", "same_structure"]


def flat(values: Any) -> list[float]:
    """All numbers of a number, a list, a Scalar or a tensor, or of a list of them, in order."""
    if isinstance(values, (list, tuple)):
        return [number for value in values for number in flat(value)]
    if hasattr(values, "detach"):
        values = values.detach()
        values = values.item() if not hasattr(values, "numpy") else values.cpu().numpy()
    return [float(number) for number in np.asarray(values).reshape(-1)]


def close(a: Sequence[float], b: Sequence[float], within: float) -> bool:
    """Whether two lists of numbers agree to this relative precision."""
    return len(a) == len(b) and bool(np.allclose(a, b, rtol=within, atol=1e-9, equal_nan=True))


def same_structure(a: Any, b: Any) -> bool:
    """Whether two results were computed by the same operations from the same leaves.

    >>> from autodiff import Scalar
    >>> x = Scalar(2.0)
    >>> same_structure(x * x, x * x), same_structure(x * x, x ** 2)
    (True, False)
    >>> import autodiff as ad
    >>> x = ad.ones(2, 2, requires_grad=True)
    >>> same_structure(x.sum(dim=0), x.sum(dim=1)), same_structure(x.sum(dim=1), x.sum(dim=-1))
    (False, True)
    """
    pairs = [(a.edge, b.edge)]
    partner: dict[Any, Any] = {}
    while pairs:
        one, other = pairs.pop()
        if one in partner:
            if partner[one] is not other:
                return False
            continue
        if one is None or other is None or not one.inputs or not other.inputs:
            if one is not other:
                return False
            continue
        if type(one) is not type(other) or len(one.inputs) != len(other.inputs):
            return False
        if given(one) != given(other):
            return False
        partner[one] = other
        pairs += zip(one.inputs, other.inputs, strict=True)
    return len(set(partner.values())) == len(partner)


def given(node: Any) -> tuple[list[float], str]:
    """What a node computes with besides its inputs: constants, and settings such as dimensions.

    Settings may hold arrays, which ``==`` compares element by element: so their texts are compared.
    """
    constants = [c for c in getattr(node, "constants", None) or () if c is not None]
    return flat(constants), repr(getattr(node, "settings", None))


class UnclearError(ValueError):
    """An answer that cannot be read, and how to write one; nothing is wrong with it otherwise."""


def numbers_in(text: str, wanted: str = "numbers", empty: bool = False) -> list[float]:
    """The numbers in an answer; brackets, names before "=" and "tensor" are passed over.

    Raises:
        UnclearError: something in it is no number.

    >>> numbers_in("a.grad = [1, 2.5], 1/4"), numbers_in("tensor([1., -2.])")
    ([1.0, 2.5, 0.25], [1.0, -2.0])
    """
    bare = re.sub(r"(?<![\w.])[A-Za-z_][\w.]*\s*(?:=|(?=[(\[]))", " ", text)
    words = re.sub(r"[()\[\]{},;]", " ", bare.replace("\N{MINUS SIGN}", "-")).split()
    if not words and not (empty and text.strip()):
        raise UnclearError(f"I could not find {wanted} in {text!r}. Try again, or press Enter.")
    return [_as_number(word, wanted) for word in words]


def _as_number(word: str, wanted: str) -> float:
    top, slash, bottom = word.partition("/")
    try:
        return float(top) / float(bottom) if slash else float(top)
    except (ValueError, ZeroDivisionError):
        raise UnclearError(
            f"I cannot read {word!r} as {wanted}. Try again, or press Enter."
        ) from None
