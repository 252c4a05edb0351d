# expect: divided f by its slope
import autodiff as ad
from autodiff.autograd import grad


def newton_step(f, x):
    x = ad.Scalar(x)
    y = f(x)
    (slope,) = grad(y, x)
    return x.item() - y.item() / slope.item()
