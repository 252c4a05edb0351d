# expect: cleared *between* the two
import autodiff as ad


def fit(x, y, lr=0.1, steps=200):
    w = ad.tensor(0.0, requires_grad=True)
    b = ad.tensor(0.0, requires_grad=True)
    for _ in range(steps):
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        w.grad.zero_()
        b.grad.zero_()
        with ad.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return w, b
