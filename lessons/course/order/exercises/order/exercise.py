"""An order for the backward pass.

`graph` maps each name to the list of names it was computed from:

    {"loss": ["z", "x"], "z": ["y"], "y": ["x"], "x": []}

Return a list of all names that `result` was computed from, with `result`, each
name once, in an order in which every name comes *before* those it was computed
from. Here that is ["loss", "z", "y", "x"].
"""


def order(graph: dict[str, list[str]], result: str) -> list[str]:
    raise NotImplementedError
