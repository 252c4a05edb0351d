# expect: nothing to add to
def backward(graph, order):
    grads = {order[0]: 1.0}
    for name in order:
        for below, local in graph[name]:
            grads[below] += grads[name] * local
    return grads
