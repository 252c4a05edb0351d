"""Checks `drop`: the share that survives, their scale, the two modes, the gradient."""

import autodiff as ad
from lessons.checking import expect, fail, require


def check(work):
    ad.manual_seed(0)
    ones = ad.ones(1000, requires_grad=True)
    out = work.drop(ones, 0.25, training=True)
    require(
        isinstance(out, ad.Tensor) and out.shape == ones.shape,
        "drop(x, 0.25, training=True) should give a tensor of the shape of x",
    )
    survivors = (out != 0).sum().item()
    if survivors == 1000:
        fail(
            "of 1000 numbers none was dropped in training, with p = 0.25",
            hint="Is `training` the wrong way round? Or is one random number drawn"
            " for all of them? rand_like(x) draws one for each.",
        )
    if not 600 < survivors < 900:
        fail(
            f"of 1000 numbers {survivors} survived, with p = 0.25",
            hint="p is the probability to be dropped, not to survive.",
        )
    expect(
        out.max().item(),
        1 / 0.75,
        "drop(1, 0.25, training=True), where the 1 survives,",
        within=1e-5,
        wrong={
            1.0: "The survivors are not scaled: the mean is now 0.75 of what it was.",
            2.0: "2 is right for p = 0.5 only. Divide by 1 - p.",
            4.0: "You divide by p. A share of 1 - p survives, so divide by 1 - p.",
            0.75: "You multiply by 1 - p, which makes the mean smaller still. Divide.",
        },
    )
    again = work.drop(ones, 0.25, training=True)
    require(
        not ad.equal(out, again),
        "two calls dropped the same numbers",
        hint="Draw a new mask in each call.",
    )
    used = work.drop(ones, 0.25, training=False)
    expect(
        used.detach(),
        ones.detach(),
        "drop(x, 0.25, training=False)",
        within=1e-6,
    )
    require(
        out.requires_grad,
        "the result has no graph, so no gradient comes back through drop",
        hint="Compute it from x by products; no detach, no .data, no new tensor.",
    )
    out.sum().backward()
    expect(
        ones.grad, out.detach(), "x.grad of drop(ones).sum()", within=1e-5
    )
