# expect: grad returns a tuple
import autodiff as ad
from autodiff.autograd import grad


def newton_step(f, x):
    x = ad.Scalar(x)
    slope = grad(f(x), x, create_graph=True)
    bend = grad(slope, x)
    return x.item() - slope / bend
