# expect: gradient of `name`, times
def backward(graph, order):
    grads = {order[0]: 1.0}
    for name in order:
        for below, local in graph[name]:
            grads[below] = grads.get(below, 0.0) + local
    return grads
