"""What the check of an exercise is written with.

An exercise's ``check.py`` defines ``check(work)``; ``work`` is the module that the learner wrote.
Each helper here passes in silence, or ends the check with what was computed, what was expected,
and the hint that is meant for this mistake.

>>> from lessons import checking
>>> checking.expect(2 * 3.0, 6.0, "slope(3.0)")
>>> checking.expect(3.0, 6.0, "slope(3.0)", wrong={3.0: "Twice x, not x."})
Traceback (most recent call last):
lessons.checking.CheckError: slope(3.0) gives 3.0, expected 6.0. Twice x, not x.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from lessons.compare import close, flat, same_structure

__all__ = [
    "CheckError", "expect", "expect_engine", "expect_gradient", "expect_graph", "fail", "require",
]  # fmt: skip


class CheckError(Exception):
    """Why a check ended: what is wrong, the hint for this mistake, and a picture of it."""

    def __init__(self, what: str, hint: str = "", picture: str = "") -> None:
        super().__init__(f"{what} {hint}".rstrip())
        self.what, self.hint, self.picture = what, hint, picture


def fail(what: str, hint: str = "", picture: Any = "") -> NoReturn:
    """End the check: this is wrong, for everybody who comes here.

    Raises:
        CheckError: always.
    """
    raise CheckError(what, hint, str(picture))


def require(condition: Any, what: str, hint: str = "") -> None:
    """End the check unless ``condition`` holds; ``what`` says what is wrong where it does not.

    Raises:
        CheckError: it does not hold.
    """
    if not condition:
        fail(what, hint)


def expect(
    value: Any,
    expected: Any,
    what: str,
    wrong: Mapping[Any, str] | None = None,
    within: float = 1e-6,
    hint: str = "",
) -> None:
    """End the check unless ``value`` is what was expected.

    Args:
        value: what the learner's code computed: numbers, Scalars, tensors, or anything with ``==``.
        expected: the same, as it should be; of tensors the shapes are compared too.
        what: how the learner would write the computation, as in ``"slope(2.0)"``.
        wrong: what a wrong value gives away; keys are numbers, tuples of them, or other values.
        within: how far numbers may be off, relative to their size.
        hint: what to say to any other wrong value.

    Raises:
        CheckError: the values differ.
    """
    numbers = _numbers(expected)
    given = _numbers(value)
    if numbers is None or given is None:
        if type(value) is type(expected) and bool(value == expected):
            return
    elif close(given, numbers, within) and _same_shape(value, expected):
        return
    shown, wanted = _shown(value), _shown(expected)
    several = "\n" in shown + wanted
    fail(
        f"{what} gives\n{shown}\nexpected\n{wanted}"
        if several
        else f"{what} gives {shown}, expected {wanted}.",
        _meaning(value, given, wrong or {}, within) or _reason(value, expected) or hint,
    )


def expect_gradient(f: Callable[..., Any], *inputs: Any, hint: str = "") -> None:
    """End the check unless every gradient in the graph of ``f(*inputs)`` agrees with measured ones.

    Args:
        f: the learner's function.
        inputs: Scalars, or float64 tensors that require grad.

    Raises:
        CheckError: a gradient is wrong, or there is no graph to check.
    """
    import viz

    called = f"{getattr(f, '__name__', 'f')}({', '.join(_shown(x) for x in inputs)})"
    out = f(*inputs)
    if getattr(out, "grad_fn", None) is None:
        fail(
            f"{called} gives {_shown(out)}, which has no graph.",
            hint or "Was it computed with plain floats, NumPy, .item() or .detach()?",
        )
    dtypes = {str(x.dtype) for x in inputs if hasattr(x, "dtype")}
    if dtypes and str(out.dtype) not in dtypes:
        fail(
            f"{called} gives a result of the dtype {out.dtype}, and its inputs are {dtypes.pop()}.",
            "Slopes are measured in float64. What ad.zeros and its relatives make is float32: "
            "give them dtype=x.dtype.",
        )
    checked = viz.gradcheck(f, *inputs)
    if not checked.ok:
        fail(f"The value of {called} may be right, but its gradient is not.", hint, checked)


def expect_graph(value: Any, like: Any, hint: str = "") -> None:
    """End the check unless ``value`` was computed by the same operations as ``like``.

    Args:
        value: what the learner's code computed.
        like: the same computation from the same leaves, as it should be.

    Raises:
        CheckError: the graphs differ.
    """
    import viz

    if getattr(value, "edge", None) is None:
        fail(f"{_shown(value)} has no graph.", hint)
    if not same_structure(value, like):
        picture = f"expected:\n{viz.graph(like)}\n\nyours:\n{viz.graph(value)}"
        fail("The graph is another one than expected.", hint, picture)


def expect_engine(Value: Any, program: Callable[..., Any] | None = None, *numbers: float) -> None:  # noqa: N803
    """End the check unless an engine of the learner's own gives autodiff's values and gradients.

    See `lessons.rivals.compare`; without a ``program`` all of its programs are tried.

    Raises:
        CheckError: a value or a gradient differs.
    """
    from lessons.rivals import PROGRAMS, compare

    if program is not None:
        compare(Value, program, *numbers)
        return
    for each, values in PROGRAMS:
        compare(Value, each, *values)


# -- what to say ---------------------------------------------------------------------------------


def _numbers(value: Any) -> list[float] | None:
    """The numbers of a value, or None where it is none."""
    if isinstance(value, (str, bytes, bool, type(None), type, dict, set)):
        return None
    try:
        return flat(value)
    except (TypeError, ValueError):
        return None


def _same_shape(value: Any, expected: Any) -> bool:
    return not hasattr(expected, "shape") or _shape(value) == _shape(expected)


def _shape(value: Any) -> tuple[int, ...]:
    return tuple(getattr(value, "shape", ()))


def _reason(value: Any, expected: Any) -> str:
    if value is None and expected is not None:
        return "Is a `return` missing?"
    if value is ...:
        return "The dots `...` stand for what is still to be written."
    if not _same_shape(value, expected):
        return f"Its shape is {_shape(value)}, not {_shape(expected)}."
    return ""


def _meaning(value: Any, given: list[float] | None, wrong: Mapping[Any, str], within: float) -> str:
    """What a wrong value gives away, if somebody foresaw it."""
    for key, meaning in wrong.items():
        numbers = _numbers(key)
        if numbers is None or given is None:
            if type(key) is type(value) and key == value:
                return meaning
        elif close(given, numbers, max(within, 1e-6)):
            return meaning
    return ""


def _shown(value: Any) -> str:
    if type(value).__name__ == "Scalar":
        value = value.item()
    text = repr(value)
    if isinstance(value, float) and len(text) > 10:
        text = f"{value:.8g}"
    return text if len(text) <= 300 else text[:300] + "..."
