"""Compares with F.conv2d: the shape, the values, and the gradients of picture and filter."""

import autodiff as ad
import viz
from autodiff.autograd import grad
from autodiff.nn import functional as F
from lessons.checking import expect, fail, require


def check(work):
    ad.manual_seed(0)
    picture = ad.randn(4, 5, dtype=ad.float64)
    pattern = ad.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=ad.float64)
    out = work.conv2d(picture, pattern)
    shape = tuple(getattr(out, "shape", ()))
    require(
        shape != (2, 3),
        "A picture of 4 x 5 and a filter of 2 x 2 gave the shape (2, 3), not (3, 4).",
        hint="The last place counts, too: a filter of height 2 fits into 4 rows three times.",
    )
    require(
        shape == (3, 4),
        f"A picture of 4 x 5 and a filter of 2 x 2 gave the shape {shape}, not (3, 4).",
    )
    flipped = pattern.flip(0, 1)
    expect(
        out,
        expected(picture, pattern),
        "conv2d of a random picture with the filter 1, 2 / 3, 4",
        within=1e-5,
        wrong={
            tuple(
                expected(picture, flipped).flatten().tolist()
            ): "The filter is turned round, as "
            "in mathematics. Nets lay it on as it is.",
            tuple(
                products(picture, pattern)
            ): "@ is the product of matrices. Multiply number by number: *.",
            tuple(
                expected(picture, pattern.T).flatten().tolist()
            ): "Rows and columns of the filter are exchanged.",
        },
    )
    picture.requires_grad_()
    pattern.requires_grad_()
    if not work.conv2d(picture, pattern).requires_grad:
        fail(
            "The values are right, but no gradient gets through.",
            hint="With .item(), float() or a NumPy array the graph is cut. Keep tensors: "
            "ad.stack joins them.",
        )
    require(
        "Convolution"
        not in str(viz.grad_fn(work.conv2d(picture, pattern))),
        "It is right, but F.conv2d has done it.",
        hint="Lay the filter on each place yourself, in two loops.",
    )
    weights = ad.arange(1, 13).view(3, 4)
    for name, leaf in {"picture": picture, "pattern": pattern}.items():
        (wanted,) = grad((weights * expected(picture, pattern)).sum(), leaf)
        (found,) = grad(
            (weights * work.conv2d(picture, pattern)).sum(),
            leaf,
            allow_unused=True,
        )
        require(
            found is not None,
            f"No gradient arrives at the {name}.",
            hint="Is it detached, or made anew from numbers?",
        )
        expect(found, wanted, f"the gradient of the {name}", within=1e-4)


def expected(picture, pattern):
    return F.conv2d(picture[None, None], pattern[None, None])[0, 0]


def products(picture, pattern):
    """What comes out when the numbers under the filter are multiplied as a matrix."""
    for row in range(3):
        for column in range(4):
            under = picture[row : row + 2, column : column + 2]
            yield (under @ pattern).sum().item()
