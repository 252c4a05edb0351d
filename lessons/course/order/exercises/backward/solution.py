"""The backward pass, given an order."""


def backward(graph: dict, order: list[str]) -> dict[str, float]:
    grads = {order[0]: 1.0}
    for name in order:
        for below, local in graph[name]:
            contribution = grads[name] * local
            grads[below] = grads.get(below, 0.0) + contribution
    return grads
