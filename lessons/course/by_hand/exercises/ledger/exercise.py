"""A ledger of one forward and one backward pass.

    x = 3      y = -2
    u = x * y
    v = u + x
    loss = v ** 2

Replace every ... by a number. First the values, from top to bottom; then the
gradients of `loss` with respect to each of them, from top to bottom.
"""

values = {
    "u": ...,
    "v": ...,
    "loss": ...,
}

gradients = {
    "loss": ...,
    "v": ...,
    "u": ...,
    "y": ...,
    "x": ...,
}
