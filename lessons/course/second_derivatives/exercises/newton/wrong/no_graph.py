# expect: the slope has no graph
import autodiff as ad
from autodiff.autograd import grad


def newton_step(f, x):
    x = ad.Scalar(x)
    (slope,) = grad(f(x), x)
    (bend,) = grad(slope, x)
    return x.item() - slope.item() / bend.item()
