"""A ledger of one forward and one backward pass."""

values = {
    "u": -6,
    "v": -3,
    "loss": 9,
}

gradients = {
    "loss": 1,
    "v": -6,  # 2 * v
    "u": -6,  # the sum passes it on
    "y": -18,  # -6 * x
    "x": 6,  # -6 from the sum, and -6 * y = 12 from the product
}
