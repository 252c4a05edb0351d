"""Backpropagation through time, by hand."""


def gradient(u: float, xs: list[float]) -> float:
    states = [0.0]
    for x in xs:
        states.append(u * states[-1] + x)
    g = 1.0
    total = 0.0
    for before in reversed(states[:-1]):
        total += g * before
        g *= u
    return total
