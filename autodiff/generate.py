"""The straight-line functions that op declarations are turned into.

A declaration says what an op computes, its gradient rules and, by the names the rules ask for, what
to save. Looking all that up at every application would cost more than the arithmetic on small
tensors, so it is written out once per op as plain Python: `vjp_source` for the backward pass,
`recorder_source` for making a node, `fast_source` for a whole application in the commonest case.
Print any of them to read what an op does.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autodiff.op import Op

__all__ = ["PLAIN", "WANTED", "define", "fast_source", "recorder_source", "vjp_source"]

PLAIN, CONSTANT, WANTED = 0, 1, 2
"""The kinds of input: no variable, a variable without gradient, one that wants a gradient."""


def define(source: str, name: str, namespace: dict[str, Any]) -> Callable[..., Any]:
    """The function ``name`` that ``source`` defines."""
    namespace["__name__"] = __name__  # so that warnings in it count as this package's own
    exec(compile(source, f"<generated {name}>", "exec"), namespace)
    return namespace[name]


def vjp_source(op: type[Op]) -> str:
    """The backward function of one op: its rules applied to what was saved.

    >>> from autodiff.op import OPS
    >>> print(vjp_source(OPS["Mul"]))
    def rules(node, g, saved):
        y, x, = saved
        to_x, to_y, = node.inputs
        g_x = None if to_x is None else grad_x(g, y)
        g_y = None if to_y is None else grad_y(g, x)
        return (g_x, g_y,) if node.like is None else conform(node, (g_x, g_y,))
    """
    calls = {
        argument: f"grad_{argument}({', '.join(_operand(op, name) for name in _names(rule))})"
        for argument, rule in op.rules.items()
    }
    lines = ["def rules(node, g, saved):"]
    if op.saves:
        lines.append(f"{_listed(op.saves)}= saved")
    if op.variadic:
        lines.append(f"return {calls.get(op.arguments[0])}")
        return "\n    ".join(lines)
    lines.append(f"{_listed(f'to_{a}' for a in op.arguments)}= node.inputs")
    for a in op.arguments:
        lines.append(f"g_{a} = None if to_{a} is None else {calls.get(a)}")
    result = f"({_listed(f'g_{a}' for a in op.arguments).rstrip()})"
    if op.broadcasts:
        result += f" if node.like is None else conform(node, {result})"
    lines.append(f"return {result}")
    return "\n    ".join(lines)


def recorder_source(op: type[Op], kinds: list[int], versions: bool) -> str:
    """The function that makes a node: it keeps only what the rules of the wanted inputs ask for.

    >>> from autodiff.op import OPS
    >>> print(recorder_source(OPS["Mul"], [CONSTANT, WANTED], versions=True))
    def record(inputs, edges, values, out, extras, settings, result):
        node = new(op)
        node.inputs = tuple(edges)
        node.settings = settings
        node.out = keepsake(out)
        node.hooks = None
        node.like = None
        node.constants = constants(edges, values)
        node.saved = (None, values[0], )
        node.guards = ((inputs[0].version, inputs[0].version[0]), )
        return node
    """
    wanted = [
        rule
        for argument, rule in op.rules.items()
        if op.variadic or kinds[op.arguments.index(argument)] == WANTED
    ]
    used = {name for rule in wanted for name in _names(rule)}
    saved, guarded = [], []
    for name in op.saves:
        if name not in used:
            saved.append("None")
        elif name == "out":
            saved.append("out")
            guarded.append("result")
        elif name in op.extras:
            saved.append(f"extras[{op.extras.index(name)}]")
        else:
            i = op.arguments.index(name)
            saved.append(f"values[{i}]")
            if kinds[i] != PLAIN:
                guarded.append(f"inputs[{i}]")
    guards = [_guard(x) for x in guarded] if versions else []
    like = [
        "((), None)" if kind == PLAIN else f"(values[{i}].shape, values[{i}].dtype)"
        for i, kind in enumerate(kinds)
    ]
    all_wanted = all(kind == WANTED for kind in kinds)
    return "\n    ".join(
        [
            "def record(inputs, edges, values, out, extras, settings, result):",
            "node = new(op)",
            "node.inputs = tuple(edges)",
            "node.settings = settings",
            f"node.out = {'keepsake(out)' if versions else 'out'}",
            "node.hooks = None",
            f"node.like = {f'({_listed(like)})' if op.needs_shapes else None}",
            f"node.constants = {None if all_wanted else 'constants(edges, values)'}",
            f"node.saved = ({_listed(saved)})",
            f"node.guards = ({_listed(guards)})",
            "return node",
        ]
    )


def fast_source(op: type[Op], kind: str) -> str:
    """One application of an op in the commonest case: every input wants a gradient.

    ``kind`` is that of all inputs: "Scalar" or "Tensor". An elementwise op is written for tensors
    of one floating-point dtype and one shape; another op needs to have a single input, and takes
    its settings after it. Anything else is left to ``general``.

    >>> from autodiff.op import OPS
    >>> print(fast_source(OPS["Exp"], "Tensor"))
    def apply(x):
        to_x = x._source or (x if x.requires_grad else None)
        if not (mode.fast and to_x is not None):
            return general(x)
        x_value = x.value
        if not (x_value.dtype.kind == "f"):
            return general(x)
        out = compute(x_value)
        if type(out) is not ndarray:
            out = asarray(out)
        result = new(Tensor)
        result.value = out
        result.requires_grad = True
        result.grad = result.hooks = result.base = result.steps = result.views = None
        result.version = [0]
        node = result._source = new(op)
        node.inputs = (to_x, )
        node.settings = nothing
        node.out = out if out.size <= small else keepsake(out)
        node.hooks = node.like = node.constants = None
        node.saved = (out, )
        node.guards = ((result.version, 0), )
        return result
    """
    names = op.arguments
    parameters = ", ".join(names if op.broadcasts else (*names, "settings"))
    general = f"    return general({parameters})"
    lines = [f"def apply({parameters}):"]
    for x in names[1:]:
        lines += [f"if not isinstance({x}, {kind}):", general]
    lines += [f"to_{x} = {x}._source or ({x} if {x}.requires_grad else None)" for x in names]
    wanted = " and ".join(f"to_{x} is not None" for x in names)
    lines += [f"if not (mode.fast and {wanted}):", general]
    lines += [f"{x}_value = {x}.value" for x in names]
    given = ", ".join(f"{x}_value" for x in names)
    if kind == "Scalar":
        lines += _compute_floats(f"out = compute({given})", general)
    elif op.broadcasts:
        lines += _compute_arrays(op, f"out = compute({given})", general)
    else:
        lines += [f"out = compute({given}, **settings)", *AS_ARRAY]
    values = {x: f"{x}_value" for x in names} | {"out": "out"}
    guards = [_guard(x) if x != "out" else "(result.version, 0)" for x in op.saves]
    small = "out if out.size <= small else keepsake(out)"
    lines += [
        f"result = new({kind})",
        "result.value = out",
        "result.requires_grad = True",
        f"result.grad = result.hooks = {NOT_A_VIEW if kind == 'Tensor' else ''}None",
        *(["result.version = [0]"] if kind == "Tensor" else []),
        *([] if op.broadcasts else NOTE_VIEW),
        "node = result._source = new(op)",
        f"node.inputs = ({_listed(f'to_{x}' for x in names)})",
        f"node.settings = {'nothing' if op.broadcasts else 'settings'}",
        f"node.out = {small if kind == 'Tensor' else 'out'}",
        "node.hooks = node.like = node.constants = None",
        *(["node.like = ((x_value.shape, x_value.dtype), )"] if op.needs_shapes else []),
        f"node.saved = ({_listed(values[x] for x in op.saves)})",
        f"node.guards = ({_listed(guards) if kind == 'Tensor' else ''})",
        "return result",
    ]
    return "\n    ".join(lines)


NOT_A_VIEW = "result.base = result.steps = result.views = "
NOTE_VIEW = ["if out.base is not None:", "    note_view(result, x, op, settings)"]
AS_ARRAY = ["if type(out) is not ndarray:", "    out = asarray(out)"]


def _compute_arrays(op: type[Op], compute: str, general: str) -> list[str]:
    first, *others = (f"{x}_value" for x in op.arguments)
    same = "".join(
        f" and {x}.dtype is {first}.dtype and {x}.shape == {first}.shape" for x in others
    )
    return [
        f'if not ({first}.dtype.kind == "f"{same}):',
        general,
        compute,
        *AS_ARRAY,
    ]


def _compute_floats(compute: str, general: str) -> list[str]:
    """Where Python's floats raise (1 / 0), the general path knows what IEEE arithmetic answers."""
    return ["try:", f"    {compute}", "except (ArithmeticError, ValueError):", general]


def _names(rule: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(rule).parameters)


def _listed(expressions: Any) -> str:
    return "".join(f"{x}, " for x in expressions)


def _guard(x: str) -> str:
    """The version counter of a tensor and its count now."""
    return f"({x}.version, {x}.version[0])"


def _operand(op: type[Op], name: str) -> str:
    """Where a backward function finds what a rule asks for by ``name``."""
    if name == "g" or name in op.saves:
        return name
    argument, _, kind = name.rpartition("_")
    if kind in ("shape", "dtype") and argument in op.arguments:
        part = ("shape", "dtype").index(kind)
        if op.variadic:
            return f"[like[{part}] for like in node.like]"
        return f"node.like[{op.arguments.index(argument)}][{part}]"
    if name in op.defaults:
        return f"node.settings.get({name!r}, {op.defaults[name]!r})"
    return f"node.settings[{name!r}]"
