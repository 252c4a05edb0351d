"""Checks `Norm`: both modes, the running averages, and gradients through mean and variance."""

import autodiff as ad
from autodiff.nn import functional as F
from lessons.checking import expect, expect_gradient, require


def numbers(tensor):
    return tuple(tensor.flatten().tolist())


def check(work):
    ad.manual_seed(0)
    norm = work.Norm(2)
    batch = ad.tensor([[1.0, 100.0], [2.0, 300.0], [3.0, 500.0]])
    wanted = F.batch_norm(batch, None, None, training=True)
    out = norm(batch.clone().requires_grad_())
    require(
        isinstance(out, ad.Tensor), "Norm(2)(batch) should give a tensor"
    )
    expect(
        out.detach(),
        wanted,
        "Norm(2)(batch) in training",
        within=1e-3,
        wrong={
            numbers(
                (batch - batch.mean(0)) / batch.std(0)
            ): "That divides by the unbiased"
            " deviation: give var or std the argument unbiased=False.",
            numbers(
                (batch - batch.mean(0)) / batch.var(0, unbiased=False)
            ): "That divides by the variance. Divide by its square root.",
            numbers(
                (batch - 0.1 * batch.mean(0))
                / (0.9 + 0.1 * batch.var(0, unbiased=False)).sqrt()
            ): "That uses the running averages, which are for eval mode. In"
            " training the batch's own mean and variance count.",
            numbers(
                (batch - batch.mean()) / batch.std(unbiased=False)
            ): "That is the mean"
            " of all numbers. Each channel has its own: mean(0), var(0).",
        },
    )
    require(
        not norm.mean.requires_grad,
        "the running mean has a graph, which would grow with every batch",
        hint="Update the averages under ad.no_grad().",
    )
    expect(
        norm.mean,
        [0.2, 30.0],
        "norm(batch); norm.mean",
        within=1e-4,
        wrong={
            (
                0,
                0,
            ): "It did not move. Each call in training moves it a tenth of the way.",
            (
                2,
                300,
            ): "It jumped to the batch's mean. Go a tenth of the way only.",
            (1.8, 270): "A tenth of the *new* and nine tenths of the old.",
        },
    )
    expect(
        norm.var,
        0.9 + 0.1 * batch.var(0, unbiased=False),
        "norm(batch); norm.var",
        within=1e-2,
        hint="A tenth of the way: 0.9 times the old one and 0.1 times the new.",
    )
    norm.eval()
    one = ad.tensor([[0.2, 30.0]])
    expect(
        norm(one).detach(),
        [[0.0, 0.0]],
        "norm.eval(), then norm of the running mean itself,",
        within=1e-4,
    )
    expect(
        norm.mean,
        [0.2, 30.0],
        "norm.mean after a call in eval mode",
        within=1e-4,
    )

    double = work.Norm(2).double()
    x = ad.randn(3, 2, dtype=ad.float64, requires_grad=True)
    require(
        double(x).requires_grad,
        "the result has no graph",
        hint="Only the update of the averages belongs under no_grad.",
    )

    def loss(x):
        return (double(x) ** 2 * ad.arange(6).reshape(3, 2)).sum()

    expect_gradient(
        loss,
        x,
        hint="Mean and variance are computed from x, so the gradient goes through"
        " them too: do not detach them.",
    )
