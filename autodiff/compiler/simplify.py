"""Simplifying a program: what is computed twice, what is known, and what nobody asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autodiff.compiler.program import (
    Accumulate,
    Program,
    Step,
    Value,
    Write,
    each_value,
    replaced,
)  # fmt: skip
from autodiff.op import OPS

__all__ = ["simplify"]

SMALL = 64
"""Constants of at most so many elements are worth computing in advance."""


def simplify(program: Program) -> None:
    """Rewrite the steps of a program, which computes the same afterwards.

    The steps that were recorded stay what they are, in ``program.recorded``; ``program.became``
    says what took the place of their results.
    """
    program.recorded = program.everything
    known = program.became
    seen: dict[Any, list[Value]] = {}

    def now(x: Any) -> Any:
        while isinstance(x, Value) and x in known:
            x = known[x]
        return x

    def rewritten(steps: list[Any]) -> list[Any]:
        kept: list[Any] = []
        for step in (part for whole in steps for part in _parts(whole)):
            if not isinstance(step, Step):
                kept.append(_substituted(step, now))
                continue
            args, settings = replaced(step.args, now), replaced(step.settings, now)
            if step.op is not None and step.op.broadcasts:
                args = tuple(_number(x, step, args) for x in args)
            step = replace(step, args=args, settings=settings)
            same = _same_as(step)
            if same is not None:
                _rename(step.out, same)
                known[step.out] = same
            elif _is_known(step):
                array = np.asarray(step.op.on_arrays(*_arrays(step.args), **_arrays(step.settings)))
                value = Value(array.shape, array.dtype, "constant", array=array)
                value.on_host = all(v.on_host for v in step.reads)
                known[step.out] = value
            elif (key := _key(step)) is not None and key in seen:
                for ours, theirs in zip(step.outputs, seen[key], strict=True):
                    _rename(ours, theirs)
                    known[ours] = theirs
            else:
                if key is not None:
                    seen[key] = step.outputs
                kept.append(step)
        return kept

    program.steps = rewritten(program.steps)
    program.backward = rewritten(program.backward)
    program.outputs = replaced(program.outputs, now)
    program.gradients = replaced(program.gradients, now)
    for value in each_value((program.outputs, program.gradients)):
        value.grad_of = now(value.grad_of)
    for step in program.everything:
        for value in step.outputs:
            value.grad_of = now(value.grad_of)
    _drop_dead(program)
    _forget_constants(program)


def _parts(step: Any) -> list[Any]:
    """A step itself, or the plainer steps that it consists of."""
    if not isinstance(step, Step) or step.kind != "Linear":
        return [step]
    x, weight, bias = step.args
    turned = Value((weight.shape[1], weight.shape[0]), weight.dtype)
    product = step.out if bias is None else Value(step.out.shape, step.out.dtype)
    transpose, matmul, add = OPS["Permute"], OPS["Matmul"], OPS["Add"]
    steps = [
        Step(transpose, transpose.forward, (weight,), {"dims": (1, 0)}, [turned], step.backward),  # type: ignore[attr-defined]
        Step(matmul, matmul.forward, (x, turned), {}, [product], step.backward),  # type: ignore[attr-defined]
    ]
    if bias is not None:
        steps.append(Step(add, add.forward, (product, bias), {}, [step.out], step.backward))  # type: ignore[attr-defined]
    return steps


def _substituted(effect: Any, now: Any) -> Any:
    if isinstance(effect, Write):
        return replace(effect, value=now(effect.value))
    if isinstance(effect, Accumulate):
        return replace(effect, value=now(effect.value), onto=now(effect.onto))
    return effect


def _rename(value: Value, kept: Value) -> None:
    """A value that takes the place of another is the gradient of what that one was."""
    if kept.grad_of is None and kept.origin == "step":
        kept.grad_of = value.grad_of
    if not kept.name and kept.origin == "step":
        kept.name = value.name


def _number(x: Any, step: Step, args: tuple[Any, ...]) -> Any:
    """A constant that is the same number everywhere, as that number."""
    if not (isinstance(x, Value) and x.origin == "constant" and x.dtype.kind in "fb"):
        return x
    others = [v.shape for v in args if isinstance(v, Value) and v is not x]
    if x.array.size and not any(x.array.strides) and np.broadcast_shapes(*others) == step.out.shape:
        return x.array.flat[0].item()
    return x


def _same_as(step: Step) -> Any:
    """The operand that the result of this step equals, if there is one."""
    kind = step.kind
    if kind == "Expand":
        source = step.args[0]
        if isinstance(source, Value) and source.origin == "constant" and source.size == 1:
            array = np.broadcast_to(source.array.reshape(()), step.out.shape)
            return _Splat.of(step.out, array, source.on_host)
    if kind in ("Expand", "SumTo", "Reshape", "UnsafeView", "Clone", "Cast"):
        x = step.args[0]
        if isinstance(x, Value) and x.shape == step.out.shape and x.dtype == step.out.dtype:
            return x
    if kind == "Pow" and _is_one(step.args[1]) and isinstance(step.args[0], Value):
        return step.args[0] if _fits(step.args[0], step) else None
    if kind in ("Mul", "Div"):
        x, y = step.args
        if _is_one(y) and isinstance(x, Value) and _fits(x, step):
            return x
        if kind == "Mul" and _is_one(x) and isinstance(y, Value) and _fits(y, step):
            return y
    return None


class _Splat:
    """One number in a whole shape."""

    @staticmethod
    def of(out: Value, array: np.ndarray, on_host: bool) -> Value:
        return Value(
            out.shape, out.dtype, "constant", array=array, on_host=on_host, grad_of=out.grad_of
        )


def _is_one(x: Any) -> bool:
    if isinstance(x, Value):
        return (
            x.origin == "constant" and x.array.size > 0
            and not any(x.array.strides) and bool(x.array.flat[0] == 1)
        )  # fmt: skip
    return not isinstance(x, bool) and x == 1


def _fits(x: Value, step: Step) -> bool:
    return x.shape == step.out.shape and x.dtype == step.out.dtype


def _is_known(step: Step) -> bool:
    reads = step.reads
    return (
        step.op is not None
        and len(step.outputs) == 1
        and step.out.size <= SMALL
        and all(v.origin == "constant" for v in reads)
    )


def _arrays(structure: Any) -> Any:
    return replaced(structure, lambda x: x.array if isinstance(x, Value) else x)


def _key(step: Step) -> Any:
    """What two steps that compute the same have in common; None where nothing tells."""
    if step.op is None:
        return None
    parts = replaced((step.args, tuple(step.settings.items())), _hashable)
    return None if "<unknown>" in repr(parts) else (step.op, repr(parts))


def _hashable(x: Any) -> Any:
    if isinstance(x, Value):
        return f"v{id(x)}"
    if x is None or isinstance(x, (int, float, bool, str, np.generic, np.dtype, type)):
        return (type(x).__name__, repr(x))
    if x is Ellipsis or hasattr(x, "__dataclass_fields__"):
        return repr(x)
    return "<unknown>"


def _drop_dead(program: Program) -> None:
    """Keep only what leads to an output, a gradient or an effect."""
    wanted = set(each_value((program.outputs, program.gradients)))
    for name in ("backward", "steps"):
        kept = []
        for step in reversed(getattr(program, name)):
            random = (
                isinstance(step, Step) and step.op is None and hasattr(step.function, "generator")
            )
            needed = not isinstance(step, Step) or random or wanted.intersection(step.outputs)
            if needed:
                wanted.update(step.reads)
                kept.append(step)
        setattr(program, name, kept[::-1])


def _forget_constants(program: Program) -> None:
    """Free the large constants that only the recorded steps mention."""
    used = {v for step in program.everything for v in step.reads}
    used.update(each_value((program.outputs, program.gradients)))
    mentioned = [v for step in program.recorded for v in step.reads]
    for value in [*mentioned, *each_value(list(program.became.values()))]:
        if value.origin == "constant" and value.size > 1 and value not in used:
            value.array = None
