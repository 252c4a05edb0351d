"""Checks an engine beside autodiff: edge by edge, program by program, in training; and draws it."""

import random
from pathlib import Path

import viz
from autodiff import Scalar
from lessons.checking import expect, expect_engine, require
from lessons.rivals import compare

LINES = 100

EDGES = {
    "a + b": lambda a, b: a + b,
    "a * b": lambda a, b: a * b,
    "a * a": lambda a, b: a * a,
    "a ** 3": lambda a, b: a**3,
    "a.exp()": lambda a, b: a.exp(),
    "a.log()": lambda a, b: a.log(),
    "a.tanh()": lambda a, b: a.tanh(),
    "a.relu()": lambda a, b: a.relu(),
    "(b).relu()": lambda a, b: b.relu(),
}


def operators(a, b):
    return (a - b) / (b**2 + 1) - 2 / a + (1 - b) * -a


def functions(a, b):
    return (a * b).tanh() + a.log() * b.exp() + (a - b).relu() ** 2


def classic(x):
    return x.log() ** 2 / x**2


def deep(a):
    out = a
    for _ in range(3000):
        out = out * 0.999 + a
    return out


def random_program(seed):
    """A program of twenty random steps, each on two of the values that there are so far."""
    steps = random.Random(seed)
    plan = [
        (steps.choice("+-*t"), steps.random(), steps.random())
        for _ in range(20)
    ]

    def program(a, b):
        values = [a, b]
        for sign, first, second in plan:
            x, y = (
                values[int(first * len(values))],
                values[int(second * len(values))],
            )
            out = {"+": x + y, "-": x - y, "*": x * y * 0.5, "t": x.tanh()}[
                sign
            ]
            values.append(out)
        return sum(values[2:], start=values[0])

    return program


def trained(Value):
    """The numbers of one neuron that learns "and"."""
    weights = [Value(0.5), Value(-0.5), Value(0.0)]
    for _ in range(50):
        loss = 0.0
        for p, q in ((0, 0), (0, 1), (1, 0), (1, 1)):
            x, y, bias = weights
            loss = (
                loss
                + ((x * p + y * q + bias).tanh() - (2 * p * q - 1)) ** 2
            )
        for weight in weights:
            weight.grad = 0.0
        loss.backward()
        for weight in weights:
            weight.data -= 0.1 * weight.grad
    return [float(weight.data) for weight in weights]


def sent_along_edges(Value, told, compute):
    """What one operation's rule sends to `a` and to `b`."""
    a, b = Value(2.0), Value(-3.0)
    out = compute(a, b)
    require(
        isinstance(out, Value) and callable(out.rule),
        f"{told} has no `rule`",
        hint="Give it as the fourth argument of Value(...).",
    )
    sent = out.rule(5.0)
    require(
        isinstance(sent, tuple) and len(sent) == len(out.operands),
        f"the rule of {told} returns {sent!r} for {len(out.operands)} operands",
        hint="It returns a tuple, one number for each operand: (g * slope,) for a single one.",
    )
    pairs = list(zip(out.operands, sent, strict=True))
    return [
        sum(g for operand, g in pairs if operand is leaf) for leaf in (a, b)
    ]


def check_edges(Value):
    for told, compute in EDGES.items():
        a, b = Scalar(2.0), Scalar(-3.0)
        (compute(a, b) * 5.0).backward()
        wanted = [leaf.grad or 0.0 for leaf in (a, b)]
        expect(
            sent_along_edges(Value, told, compute),
            wanted,
            f"the rule of {told} with a = 2, b = -3, given g = 5, (what goes to a and b)",
            wrong={
                tuple(
                    number / 5 for number in wanted
                ): "The local derivative alone: multiply it by g.",
                tuple(
                    reversed(wanted)
                ): "The operands' gradients are swapped.",
            },
        )


def check(work):
    Value = work.Value
    check_edges(Value)
    expect_engine(Value)
    for program, numbers in (
        (operators, (2.0, -3.0)),
        (functions, (2.0, 0.5)),
        (classic, (2.0,)),
        (deep, (1.0,)),
    ):
        expect_engine(Value, program, *numbers)
    for seed in range(20):
        expect_engine(Value, random_program(seed), 0.7, -0.4)
    compare(Value, lambda a: (a + a) * (a + a), 3.0, passes=2)
    compare(Value, lambda a, b: (a * b).exp() + a, 0.5, 0.2, passes=3)
    expect(
        trained(Value),
        trained(Scalar),
        "a neuron after 50 steps on your engine",
    )
    code = Path(work.__file__).read_text(encoding="utf-8").splitlines()
    count = sum(
        bool(line.strip()) and not line.strip().startswith("#")
        for line in code
    )
    require(
        count <= LINES,
        f"the engine has {count} lines of code; {LINES} are enough",
    )
    draw(Value, count)


def draw(Value, count):
    viz.adapt(
        Value,
        operands=lambda v: v.operands,
        op=lambda v: v.op,
        vjp=lambda v, g: v.rule(g),
    )
    x = Value(2.0)
    y = classic(x)
    print(
        f"Your engine, {count} lines. The backward pass of log(x)**2 / x**2:\n"
    )
    print(viz.backward(y))
