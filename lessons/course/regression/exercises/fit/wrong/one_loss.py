# expect: a graph, of its own
import autodiff as ad


def fit(x, y, lr=0.1, steps=200):
    w = ad.tensor(0.0, requires_grad=True)
    b = ad.tensor(0.0, requires_grad=True)
    loss = ((w * x + b - y) ** 2).mean()
    for _ in range(steps):
        w.grad = b.grad = None
        loss.backward()
        with ad.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w, b
