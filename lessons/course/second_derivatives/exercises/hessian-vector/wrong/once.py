# expect: one derivative only
from autodiff.autograd import grad


def hessian_vector(f, p, v):
    p = p.detach().requires_grad_()
    (g,) = grad(f(p), p)
    return g * v
