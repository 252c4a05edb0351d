"""A leaf of float64 numbers, times a scale.

`numbers` is a list of floats. Return a float64 tensor with each number times
`scale`, which asks for its gradient and *is a leaf*: after

    start = make_leaf([1.0, 2.0], 0.1)
    (start**2).sum().backward()

`start.grad` must be filled. Below, it is not: mend it.
"""

import autodiff as ad


def make_leaf(numbers: list[float], scale: float) -> ad.Tensor:
    return ad.tensor(numbers, requires_grad=True).double() * scale
