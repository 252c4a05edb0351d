"""A topological order.

`ordered(out)` gives a list of all values that `out` was computed from, and
`out` itself: each value once, and each *before* its operands. So `out` comes
first, and when a value's turn comes, everything that uses it has had its turn.

Values have `operands`, a tuple. A graph may be 100,000 operations deep.
"""


def ordered(out) -> list:
    raise NotImplementedError
