"""Backpropagation through time, by hand: plain floats, no engine.

The net is h = u * h + x, and h begins at 0. `gradient(u, xs)` gives the
derivative of the last h with respect to u.

Run forwards first and keep the states. Then walk back from the last step:
`g` is the derivative of the last h with respect to the h of the step you are at.
"""


def gradient(u: float, xs: list[float]) -> float:
    states = [0.0]
    for x in xs:
        states.append(u * states[-1] + x)
    g = 1.0
    total = 0.0
    raise NotImplementedError(
        "walk back, and add up what each use contributes"
    )
