"""Checks `ordered` on graphs where a plain walk is wrong, slow, or too deep."""

from lessons.checking import expect, fail, require


class Value:
    def __init__(self, name, *operands):
        self.name, self.operands = name, operands

    def __repr__(self):
        return self.name


def order_of(work, out):
    try:
        order = work.ordered(out)
    except RecursionError:
        fail(
            "the recursion goes too deep on a long chain",
            hint="Keep a list of your own as a stack, instead of a function that calls itself.",
        )
    require(
        isinstance(order, list), f"ordered(...) is {order!r}, not a list"
    )
    return order


def check_places(order, values):
    require(
        len(order) == len(set(order)),
        f"a value is in the list more than once: {order}",
        hint="Note which values you have seen, in a set.",
    )
    missing = [value for value in values if value not in set(order)]
    require(not missing, f"{missing} is missing in {order}")
    place = {value: index for index, value in enumerate(order)}
    for value in values:
        for operand in value.operands:
            if place[operand] < place[value]:
                fail(
                    f"{operand} comes before {value}, which uses it, in {order}",
                    hint="Is the list the wrong way round?"
                    if order[-1] is values[-1]
                    else "A value may be added when all its operands have been added;"
                    " turn the list round at the end.",
                )


def check(work):
    a = Value("a")
    expect(order_of(work, a), [a], "ordered of a leaf alone,")
    b = Value("b", a, a)
    c = Value("c", b, b)
    check_places(order_of(work, c), [a, b, c])
    # The short way from `out` to `a` must not win over the long one, on whichever side it is.
    for name, operands in (("out", (a, c)), ("out", (c, a))):
        out = Value(name, *operands)
        check_places(order_of(work, out), [a, b, c, out])
    chain = [Value("x")]
    for number in range(60):
        chain.append(Value(f"x{number}", chain[-1], chain[-1]))
    check_places(order_of(work, chain[-1]), chain)
    for number in range(100_000):
        chain.append(Value(f"y{number}", chain[-1]))
    require(
        len(order_of(work, chain[-1])) == len(chain),
        "values are missing in a long chain",
    )
    print("a, b = a + a, c = b + b, out = c + a, in your order:")
    print(work.ordered(Value("out", c, a)))
