"""Compares with the whole Hessian, which for three inputs is small enough to build."""

import autodiff as ad
from autodiff.autograd import functional
from lessons.checking import expect, fail, require


HINTS = {
    "does not require grad": "The first gradient has no graph: ask for one with "
    "create_graph=True.",
    "scalar outputs": "The second pass begins at one number, too. Add up g * v: "
    "(g * v).sum().",
}


def f(p):
    return p[0] * p[0] * p[1] + p[1] * p[2].exp()


def check(work):
    p = ad.tensor([3.0, 5.0, 0.0], dtype=ad.float64)
    v = ad.tensor([1.0, 2.0, -1.0], dtype=ad.float64)
    try:
        result = work.hessian_vector(f, p, v)
    except RuntimeError as error:
        for words, hint in HINTS.items():
            if words in str(error):
                fail(str(error).splitlines()[0], hint)
        raise
    require(
        result is not None,
        "hessian_vector returns nothing yet.",
        hint="return a tensor.",
    )
    hessian = functional.hessian(f, p)
    gradient = functional.jacobian(f, p)
    expect(
        result,
        hessian @ v,
        "hessian_vector of x*x*y + y*exp(z) at (3, 5, 0), with v = (1, 2, -1)",
        wrong={
            tuple(
                (gradient * v).tolist()
            ): "That is the gradient times v: one derivative only. "
            "Differentiate the sum of that once more.",
            tuple(
                (hessian.sum(0) * v).tolist()
            ): "You multiplied by v after the second pass. "
            "That gives each row's sum times one element of v; v belongs between the passes.",
        },
    )
