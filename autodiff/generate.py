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

from autodiff.inline import inlined

if TYPE_CHECKING:
    from autodiff.op import Op

__all__ = [
    "PLAIN",
    "WANTED",
    "define",
    "fast_source",
    "push_source",
    "recorder_source",
    "rules_source",
    "vjp_source",
]

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
    def vjp(node, g):
        if node.guards or node.saved is None:
            node.check_saved()
        try:
            y, x, = node.saved
            to_x, to_y, = node.inputs
            g_x = None if to_x is None else grad_x(g, y)
            g_y = None if to_y is None else grad_y(g, x)
        except (ArithmeticError, ValueError):
            g_x, g_y, = ieee_vjp(node, g)
        return (g_x, g_y,) if node.like is None else conform(node, (g_x, g_y,))
    """
    rules, result = _rules_lines(op, "node.saved")
    return "\n    ".join(["def vjp(node, g):", *_check_lines(op), *_guarded(op, rules), result])


def _check_lines(op: type[Op]) -> list[str]:
    if not op.saves:
        return []
    return ["if node.guards or node.saved is None:", "    node.check_saved()"]


def _guarded(op: type[Op], rules: list[str]) -> list[str]:
    """The rules of an elementwise op, which on floats raise where IEEE arithmetic has an answer."""
    if not op.broadcasts:
        return rules
    return [
        "try:",
        *(f"    {line}" for line in rules),
        "except (ArithmeticError, ValueError):",
        f"    {_listed(f'g_{x}' for x in op.arguments)}= ieee_vjp(node, g)",
    ]


def push_source(op: type[Op]) -> tuple[str, dict[str, Any]]:
    """A whole step of an unwatched pass: `vjp_source` with rules of one expression written out.

    It adds each gradient to those that wait for the inputs' turn, and lets go of what was saved
    unless ``keep``. Also returns what the names in it refer to.

    >>> from autodiff.op import OPS
    >>> print(push_source(OPS["Exp"])[0])
    def push(node, g, pending, keep):
        if node.guards or node.saved is None:
            node.check_saved()
        if node.like is not None:
            return push_generally(node, g, pending, keep)
        try:
            out, = node.saved
            to_x, = node.inputs
            g_x = None if to_x is None else g * out
        except (ArithmeticError, ValueError):
            g_x, = ieee_vjp(node, g)
        if g_x is not None:
            if g_x is g and not to_x.inputs:
                g_x = to_x.own(g)
            pending[to_x] = pending[to_x] + g_x if to_x in pending else g_x
        if not keep:
            node.saved = None
    """
    namespace: dict[str, Any] = {}
    written: dict[str, str] = {}
    for argument, rule in ({} if op.whole_rules else op.rules).items():
        operands = {name: _operand(op, name) for name in _names(rule)}
        if found := inlined(rule, operands):
            written[argument] = found[0]
            namespace |= found[1]
    lines = ["def push(node, g, pending, keep):", *_check_lines(op)]
    if op.broadcasts:
        general = "    return push_generally(node, g, pending, keep)"
        lines += ["if node.like is not None:", general]
    lines += _guarded(op, _rules_lines(op, "node.saved", written)[0])
    for x in op.arguments:
        lines += [
            f"if g_{x} is not None:",
            f"    if g_{x} is g and not to_{x}.inputs:",
            f"        g_{x} = to_{x}.own(g)",
            f"    pending[to_{x}] = pending[to_{x}] + g_{x} if to_{x} in pending else g_{x}",
        ]
    if op.saves:
        lines += ["if not keep:", "    node.saved = None"]
    return "\n    ".join(lines), namespace


def rules_source(op: type[Op]) -> str:
    """The rules alone, applied to values that are handed in, such as variables."""
    rules, result = _rules_lines(op, "saved")
    return "\n    ".join(["def rules(node, g, saved):", *rules, result])


def _rules_lines(
    op: type[Op], saved: str, written: dict[str, str] | None = None
) -> tuple[list[str], str]:
    """The lines that compute the gradients, and the one that returns them."""
    calls = {
        argument: f"grad_{argument}({', '.join(_operand(op, name) for name in _names(rule))})"
        for argument, rule in op.rules.items()
    } | (written or {})
    lines = [f"{_listed(op.saves)}= {saved}"] if op.saves else []
    if op.variadic:
        return lines, f"return {calls.get(op.arguments[0])}"
    lines.append(f"{_listed(f'to_{a}' for a in op.arguments)}= node.inputs")
    for a in op.arguments:
        lines.append(f"g_{a} = None if to_{a} is None else {calls.get(a)}")
    gradients = f"({_listed(f'g_{a}' for a in op.arguments).rstrip()})"
    conformed = f" if node.like is None else conform(node, {gradients})"
    return lines, f"return {gradients}{conformed if op.broadcasts else ''}"


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
    if op.variadic:
        like = "tuple([(v.shape, v.dtype) for v in values])"
    else:
        likenesses = [
            "((), None)" if kind == PLAIN else f"(values[{i}].shape, values[{i}].dtype)"
            for i, kind in enumerate(kinds)
        ]
        like = f"({_listed(likenesses)})"
    all_wanted = all(kind == WANTED for kind in kinds)
    return "\n    ".join(
        [
            "def record(inputs, edges, values, out, extras, settings, result):",
            "node = new(op)",
            "node.inputs = tuple(edges)",
            "node.settings = settings",
            f"node.out = {'keepsake(out)' if versions else 'out'}",
            "node.hooks = None",
            f"node.like = {like if op.needs_shapes else None}",
            f"node.constants = {None if all_wanted else 'constants(edges, values)'}",
            f"node.saved = ({_listed(saved)})",
            f"node.guards = ({_listed(guards)})",
            "return node",
        ]
    )


def fast_source(op: type[Op], kind: str, number: str | None = None, reflected: bool = False) -> str:
    """One application of an op in its commonest cases, without a loop or a lookup.

    ``kind`` is that of the inputs: "Scalar" or "Tensor"; ``number`` names an argument that is a
    Python number instead; ``reflected`` takes the arguments in the other order. An elementwise op
    is written for tensors of one floating-point dtype and one shape; another op takes its settings
    after its inputs. Anything else is left to ``general``.

    >>> from autodiff.op import OPS
    >>> print(fast_source(OPS["Exp"], "Tensor"))
    def apply(x):
        x_value = x.value
        if not (x_value.dtype.kind == "f"):
            return general(x)
        out = compute(x_value)
        if type(out) is not ndarray:
            out = asarray(out)
        result = new(Tensor)
        result.value = out
        result._grad = result.hooks = result.base = result.steps = result.views = None
        result.version = [0]
        to_x = x._source or (x if x._requires_grad else None)
        if (everywhere.fast or mode.fast) and to_x is not None:
            result._requires_grad = True
            node = result._source = new(op)
            node.inputs = (to_x, )
            node.settings = nothing
            node.out = out if out.size <= small else keepsake(out)
            node.hooks = node.like = node.constants = None
            node.saved = (out, )
            node.guards = ((result.version, 0), )
            return result
        if mode.special:
            return general(x)
        result._requires_grad = False
        result._source = None
        if trail.following and to_x is not None:
            note_unrecorded(op, (x,), result)
        return result
    """
    names = list(op.arguments)
    variables = [x for x in names if x != number]
    by_keyword = op.broadcasts and number is None and len(names) == 2
    settings = "nothing" if op.broadcasts else "settings"
    parameters = ", ".join(
        [*(reversed(names) if reflected else names), *([] if op.broadcasts else ["settings"])]
    )
    general = [f"    return general({parameters})"]
    lines = [f"def apply({parameters}):"]
    if by_keyword and (keyword := op.keywords[1]) != names[1]:
        lines = [f"def apply({names[0]}, {keyword}):", f"{names[1]} = {keyword}"]
    if number is None:
        for x in names[1:]:
            lines += _other_kinds(op, kind, x, general)
    lines += [f"{x}_value = {x}.value" for x in variables]
    values = {x: f"{x}_value" if x in variables else x for x in names}
    given = ", ".join(values[x] for x in names)
    all_wanted = " and ".join(f"to_{x} is not None" for x in variables)
    lines += _compute(op, kind, given, [values[x] for x in variables], general)
    lines += [
        f"result = new({kind})",
        "result.value = out",
        f"result._grad = result.hooks = {NOT_A_VIEW if kind == 'Tensor' else ''}None",
        *(["result.version = [0]"] if kind == "Tensor" else []),
        *([] if op.broadcasts else NOTE_VIEW),
        *(f"to_{x} = {x}._source or ({x} if {x}._requires_grad else None)" for x in variables),
        f"if (everywhere.fast or mode.fast) and {all_wanted}:",
        "    result._requires_grad = True",
        *(f"    {line}" for line in _node_lines(op, kind, variables, values, settings)),
        "    return result",
        "if mode.special:",
        *general,
        "result._requires_grad = False",
        "result._source = None",
    ]
    if len(variables) > 1:
        edges = ", ".join(f"to_{x}" for x in names)
        handed_over = f"({', '.join(names)}), ({edges}), ({given}), out, {settings}, result"
        lines += [
            f"if not ({' is '.join(f'to_{x}' for x in variables)} is None):",
            "    if mode.enabled:",
            f"        record_some(op, {handed_over})",
            "    elif trail.following:",
            f"        note_unrecorded(op, ({', '.join(variables)}), result)",
        ]
    else:
        (x,) = variables
        lines += [
            f"if trail.following and to_{x} is not None:",
            f"    note_unrecorded(op, ({x},), result)",
        ]
    return "\n    ".join([*lines, "return result"])


NOT_A_VIEW = "result.base = result.steps = result.views = "
NOTE_VIEW = ["if out.base is not None:", "    note_view(result, x, op, settings)"]
AS_ARRAY = ["if type(out) is not ndarray:", "    out = asarray(out)"]


def _other_kinds(op: type[Op], kind: str, x: str, general: list[str]) -> list[str]:
    """What becomes of a second argument that is not of this kind."""
    # Only tensors have subclasses, and asking for the type is quicker.
    of_kind = f"type({x}) is {kind}" if kind == "Scalar" else f"isinstance({x}, {kind})"
    lines = [f"if not {of_kind}:"]
    if op.broadcasts:
        given = ", ".join(op.arguments)
        lines += [
            f"    if type({x}) is float or type({x}) is int:",
            f"        return with_number({given})",
        ]
    return lines + general


def _compute(
    op: type[Op], kind: str, given: str, arrays: list[str], general: list[str]
) -> list[str]:
    if kind == "Scalar":
        # Where Python's floats raise (1 / 0), the general path knows what IEEE arithmetic answers.
        call = f"    out = compute({given})"
        return ["try:", call, "except (ArithmeticError, ValueError):", *general]
    first, *others = arrays
    if not op.broadcasts:
        other_device = [f"if type({first}) is not ndarray:", *general]
        return [*other_device, f"out = compute({given}, **settings)", *AS_ARRAY]
    # NumPy hands its own functions to the arrays of other devices; other code has to be asked for.
    known = "" if op.ufunc else f"type({first}) is ndarray and "  # type: ignore[attr-defined]
    same = "".join(
        f" and {x}.dtype is {first}.dtype and {x}.shape == {first}.shape" for x in others
    )
    return [
        f'if not ({known}{first}.dtype.kind == "f"{same}):',
        *general,
        f"out = compute({given})",
        *AS_ARRAY,
    ]


def _node_lines(
    op: type[Op], kind: str, variables: list[str], values: dict[str, str], settings: str
) -> list[str]:
    """The node of an application whose variables all want a gradient."""
    used = {name for x in variables if x in op.rules for name in _names(op.rules[x])}
    saved = [(values | {"out": "out"})[x] if x in used else "None" for x in op.saves]
    guards = [
        "(result.version, 0)" if x == "out" else _guard(x)
        for x in op.saves
        if x in used and (x == "out" or x in variables)
    ]
    numbers = [x for x in op.arguments if x not in variables]
    constants = _listed("None" if x in variables else x for x in op.arguments)
    like = _listed(f"({values[x]}.shape, {values[x]}.dtype)" for x in variables)
    small = "out if out.size <= small else keepsake(out)"
    return [
        "node = result._source = new(op)",
        f"node.inputs = ({_listed('None' if x in numbers else f'to_{x}' for x in op.arguments)})",
        f"node.settings = {settings}",
        f"node.out = {small if kind == 'Tensor' else 'out'}",
        f"node.hooks = node.like = {'' if numbers else 'node.constants = '}None",
        *([f"node.constants = ({constants})"] if numbers else []),
        *([f"node.like = ({like})"] if op.needs_shapes else []),
        f"node.saved = ({_listed(saved)})",
        f"node.guards = ({_listed(guards) if kind == 'Tensor' else ''})",
    ]


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
