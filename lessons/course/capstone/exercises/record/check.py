"""Checks what `Value` records, draws it, and compares the drawing with autodiff's."""

import viz
from autodiff import Scalar
from lessons.checking import expect, fail, require


def formula(a, b, c):
    d = a * b
    return d + c * d


def drawn(a, b, c):
    loss = formula(a, b, c)
    return str(viz.graph(loss))


def check(work):
    Value = work.Value
    viz.adapt(
        Value,
        operands=lambda v: v.operands,
        op=lambda v: v.op,
        grad=lambda v: None,
    )
    a, b = Value(2.0), Value(-3.0)
    require(
        tuple(a.operands) == (),
        "a leaf has operands: Value(2.0).operands should be ()",
    )
    first, second = a + b, a * b
    require(
        a.data == 2.0 and b.data == -3.0,
        "a + b changed its operands",
        hint="An operation makes a new value, and leaves its operands alone.",
    )
    for sign, out, number in (("+", first, -1.0), ("*", second, -6.0)):
        told = f"Value(2.0) {sign} Value(-3.0)"
        require(
            isinstance(out, Value),
            f"{told} is {out!r}",
            hint="It should be a new Value. Is a `return` missing?",
        )
        expect(out.data, number, f"({told}).data")
        require(
            len(out.operands) == 2
            and out.operands[0] is a
            and out.operands[1] is b,
            f"({told}).operands are not the two values themselves",
            hint="Keep (self, other): the values, not copies of them and not their numbers.",
        )
        expect(out.op, sign, f"({told}).op")
    expect(
        a.data,
        2.0,
        "a.data after a + b and a * b",
        hint="An operation makes a new value.",
    )
    for told, compute, number in (
        ("Value(2.0) + 1.5", lambda: a + 1.5, 3.5),
        ("1.5 + Value(2.0)", lambda: 1.5 + a, 3.5),
        ("Value(2.0) * 4", lambda: a * 4, 8.0),
        ("4 * Value(2.0)", lambda: 4 * a, 8.0),
    ):
        try:
            out = compute()
        except (AttributeError, TypeError) as error:
            number_first = told[0].isdigit()
            fail(
                f"{told} fails: {error}",
                hint="Python asks for __radd__ and __rmul__ here."
                if number_first
                else "The other operand may be a number: make a Value of it first.",
            )
        require(isinstance(out, Value), f"{told} is {out!r}, not a Value")
        expect(out.data, number, f"({told}).data")
        require(
            all(isinstance(operand, Value) for operand in out.operands),
            f"an operand of {told} is a plain number",
            hint="Make a Value of it first: it is a leaf like any other.",
        )
    yours = drawn(Value(2.0), Value(-3.0), Value(10.0))
    ours = drawn(Scalar(2.0), Scalar(-3.0), Scalar(10.0))
    if yours != ours:
        fail(
            "The graph of d + c * d, with d = a * b, is another one.",
            picture=yours,
        )
    print(f"a * b + c * (a * b), recorded by your values:\n\n{yours}")
