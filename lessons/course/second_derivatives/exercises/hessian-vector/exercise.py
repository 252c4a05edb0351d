"""Multiply the Hessian of a function by a vector, without building the Hessian.

``f`` takes a tensor of one dimension and gives a single number, ``p`` is the
point, ``v`` a vector of the same length. Return H @ v as a tensor.
"""

from autodiff.autograd import grad


def hessian_vector(f, p, v):
    p = p.detach().requires_grad_()
    ...
