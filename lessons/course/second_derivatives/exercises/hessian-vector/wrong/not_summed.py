# expect: (g * v).sum()
from autodiff.autograd import grad


def hessian_vector(f, p, v):
    p = p.detach().requires_grad_()
    (g,) = grad(f(p), p, create_graph=True)
    (product,) = grad(g * v, p)
    return product
