"""The Hessian of a function times a vector, in two backward passes."""

from autodiff.autograd import grad


def hessian_vector(f, p, v):
    p = p.detach().requires_grad_()
    (g,) = grad(f(p), p, create_graph=True)
    (product,) = grad((g * v).sum(), p)
    return product
