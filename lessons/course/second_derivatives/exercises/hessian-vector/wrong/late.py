# expect: v belongs between the passes
from autodiff.autograd import grad


def hessian_vector(f, p, v):
    p = p.detach().requires_grad_()
    (g,) = grad(f(p), p, create_graph=True)
    (rows,) = grad(g.sum(), p)
    return rows * v
