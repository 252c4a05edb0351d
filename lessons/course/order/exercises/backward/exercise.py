"""The backward pass, given an order.

`order` lists the names, each before those it was computed from. `graph` maps a
name to pairs: what it was computed from, and the local derivative there.

    {"c": [("b", 1.0), ("b", 1.0)], "b": [("a", 2.0)], "a": []}

Return a dictionary with the gradient of the first name in `order` with respect
to every name. Here: {"c": 1.0, "b": 2.0, "a": 4.0}.

One line below is wrong in two ways. Mend it (it may become two lines).
"""


def backward(graph: dict, order: list[str]) -> dict[str, float]:
    grads = {order[0]: 1.0}
    for name in order:
        for below, local in graph[name]:
            grads[below] = local
    return grads
