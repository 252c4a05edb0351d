# expect: create_graph=True
from autodiff.autograd import grad


def hessian_vector(f, p, v):
    p = p.detach().requires_grad_()
    (g,) = grad(f(p), p)
    (product,) = grad((g * v).sum(), p)
    return product
