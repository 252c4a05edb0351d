"""Compares with F.cross_entropy: the value, the gradient, and scores that are far apart."""

import autodiff as ad
import viz
from autodiff.nn import functional as F
from lessons.checking import expect, expect_gradient, require


def check(work):
    scores = ad.tensor(
        [[2.0, 1.0, -1.0], [0.0, 0.5, 1.0]], dtype=ad.float64
    )
    labels = ad.tensor([0, 2])
    logs = F.log_softmax(scores, dim=1)
    loss = work.cross_entropy(scores, labels)
    require(
        getattr(loss, "ndim", None) == 0,
        "The loss is not a single number.",
        hint="Pick one element per row, and take the mean.",
    )
    expect(
        loss,
        F.cross_entropy(scores, labels),
        "cross_entropy of two rows",
        wrong={
            -F.cross_entropy(
                scores, labels
            ).item(): "The sign is missing: minus the logarithm.",
            F.cross_entropy(
                scores, labels, reduction="sum"
            ).item(): "That is the sum over the rows. Take the mean.",
            F.cross_entropy(
                scores.softmax(1), labels
            ).item(): "The softmax was taken twice: "
            "log_softmax takes scores, not probabilities.",
            -logs[:, labels]
            .mean()
            .item(): "logs[:, labels] takes both classes from every row. "
            "Index with the row numbers as well: [rows, labels].",
            -F.log_softmax(scores, dim=0)[ad.arange(2), labels]
            .mean()
            .item(): "The softmax went along dimension 0, down the samples. The "
            "classes of one sample stand in its row: dim=1.",
            -scores[ad.arange(2), labels]
            .mean()
            .item(): "Those are the scores "
            "themselves. They become probabilities by the softmax.",
            -logs.mean().item(): "That is the mean over all classes. Only the right one counts.",
        },
    )
    scores = scores.requires_grad_()
    require(
        "NllLoss"
        not in str(viz.grad_fn(work.cross_entropy(scores, labels))),
        "It is right, but F.nll_loss has done it, by itself or in F.cross_entropy.",
        hint="Pick the logarithm of the right class yourself: logs[rows, labels].",
    )
    expect_gradient(
        lambda scores: work.cross_entropy(scores, labels), scores
    )

    far = ad.tensor([[0.0, 200.0]], requires_grad=True)
    work.cross_entropy(far, ad.tensor([0])).backward()
    require(
        far.grad.isfinite().all(),
        f"With the scores 0 and 200 the gradient is {far.grad.tolist()[0]}.",
        hint="A probability became 0, and its logarithm infinite. log_softmax in one step, "
        "instead of softmax and then log.",
    )
