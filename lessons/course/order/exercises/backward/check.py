"""Checks gradients on graphs whose values are used more than once."""

from lessons.checking import fail, require

CROSSED = {
    "loss": [("p", 5.0), ("q", 6.0)],
    "p": [("a", 2.0), ("b", 3.0)],
    "q": [("a", 1.0), ("b", -1.0)],
    "a": [],
    "b": [],
}

DOUBLED = {"c": [("b", 1.0), ("b", 1.0)], "b": [("a", 2.0)], "a": []}

MISTAKES = {
    (0.0, 0.0, 0.0, 0.0): (
        "Nothing times anything is nothing: the pass begins with a 1, the "
        "gradient of the first name with respect to itself."
    ),
    (6.0, 7.0, 20.0, 12.0): (
        "All gradients began with 1. Only that of the first name does; the "
        "others begin with nothing."
    ),
    (5.0, 6.0, 10.0, 15.0): (
        "A later contribution has replaced an earlier one. Where a value is "
        "used more than once, the contributions add up."
    ),
    (5.0, 6.0, 6.0, -6.0): (
        "Only the first contribution was counted; the later ones count too."
    ),
    (5.0, 6.0, 3.0, 2.0): (
        "Those are sums of local derivatives. What is sent on is the "
        "gradient of `name`, times the local derivative."
    ),
    (5.0, 6.0, 2.0, 3.0): (
        "Those are local derivatives alone. What is sent on is the gradient "
        "of `name`, times the local derivative; and it is added to what is "
        "there."
    ),
    (6.0, 7.0, 16.0, 15.0): (
        "Along a path the local derivatives are multiplied: the gradient of "
        "`name` *times* the local derivative."
    ),
}
"""What to say to the gradients of p, q, a and b that a mistake gives."""


def check(work):
    try:
        found = work.backward(CROSSED, ["loss", "q", "p", "a", "b"])
    except KeyError as error:
        fail(
            f"grads has no entry {error} yet.",
            hint="Before anything has arrived there is nothing to add to: "
            "grads.get(below, 0.0) gives 0.0 then.",
        )
    judge(
        found,
        {"loss": 1.0, "p": 5.0, "q": 6.0, "a": 16.0, "b": 9.0},
        CROSSED,
    )
    judge(
        work.backward(DOUBLED, ["c", "b", "a"]),
        {"c": 1.0, "b": 2.0, "a": 4.0},
        DOUBLED,
    )


def judge(grads, right, graph):
    require(
        isinstance(grads, dict),
        f"backward returns {grads!r}.",
        hint="It should return the dictionary of gradients.",
    )
    given = {name: grads.get(name) for name in right}
    if given != right:
        shown = "\n".join(
            f"  {name}: {uses}" for name, uses in graph.items()
        )
        numbers = tuple(given.values())[1:]
        fail(
            f"backward gives {given}, expected {right}.",
            MISTAKES.get(numbers, "")
            if graph is CROSSED
            else "c uses b twice.",
            f"The graph was\n{shown}",
        )
