"""Checks gradients on graphs whose values are used more than once."""

from lessons.checking import expect

CROSSED = {
    "loss": [("p", 5.0), ("q", 6.0)],
    "p": [("a", 2.0), ("b", 3.0)],
    "q": [("a", 1.0), ("b", -1.0)],
    "a": [],
    "b": [],
}

DOUBLED = {"c": [("b", 1.0), ("b", 1.0)], "b": [("a", 2.0)], "a": []}


def check(work):
    grads = work.backward(CROSSED, ["loss", "q", "p", "a", "b"])
    expect(
        [grads.get(name) for name in ("p", "q", "a", "b")],
        [5.0, 6.0, 16.0, 9.0],
        'with the local derivatives 5, 6; 2, 3; 1, -1, the list of grads["p"], '
        'grads["q"], grads["a"], grads["b"]',
        wrong={
            (5.0, 6.0, 10.0, 15.0): (
                "A later contribution has replaced an earlier one. Where a "
                "value is used more than once, the contributions add up."
            ),
            (5.0, 6.0, 6.0, -6.0): (
                "Only the first contribution was counted; the later ones "
                "count too."
            ),
            (5.0, 6.0, 3.0, 2.0): (
                "Those are sums of local derivatives. What is sent on is the "
                "gradient of `name`, times the local derivative."
            ),
            (5.0, 6.0, 2.0, 3.0): (
                "Those are local derivatives alone. What is sent on is the "
                "gradient of `name`, times the local derivative; and it is "
                "added to what is there."
            ),
            (6.0, 7.0, 16.0, 15.0): (
                "Along a path the local derivatives are multiplied: the "
                "gradient of `name` *times* the local derivative."
            ),
        },
    )
    grads = work.backward(DOUBLED, ["c", "b", "a"])
    expect(
        [grads.get(name) for name in ("c", "b", "a")],
        [1.0, 2.0, 4.0],
        'with b = a * 2 and c = b + b, the list of grads["c"], grads["b"], '
        'grads["a"]',
        wrong={
            (1.0, 1.0, 2.0): "c uses b twice, so two contributions add up."
        },
    )
