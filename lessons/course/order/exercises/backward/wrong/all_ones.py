# expect: all gradients began with 1
def backward(graph, order):
    grads = dict.fromkeys(order, 1.0)
    for name in order:
        for below, local in graph[name]:
            grads[below] += grads[name] * local
    return grads
