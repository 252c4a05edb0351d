# expect: on top of the slope
import autodiff as ad


def newton_step(f, x):
    x = ad.Scalar(x)
    f(x).backward(create_graph=True)
    slope = x.grad
    slope.backward()
    return x.item() - slope.item() / x.grad.item()
