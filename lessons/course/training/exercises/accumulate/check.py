"""Trains a small linear model, and compares with one step for both batches in one."""

import autodiff as ad
from autodiff import nn, optim
from lessons.checking import expect, require

BATCHES = [
    (ad.tensor([[1.0, 0.0], [0.0, 2.0]]), ad.tensor([[1.0], [3.0]])),
    (ad.tensor([[2.0, 1.0], [1.0, 1.0]]), ad.tensor([[0.0], [2.0]])),
]
CRITERION = nn.MSELoss()
LR = 0.125


def check(work):
    mean, weight = trained(work, BATCHES)
    first, second = (gradient(batch) for batch in BATCHES)
    one = ad.tensor([1.0, -1.0])
    after_first = one - LR * first
    expect(
        weight,
        (one - LR * (first + second) / 2).view(1, 2),
        "the weight after two batches with every=2",
        wrong={
            (
                1.0,
                -1.0,
            ): "Nothing has moved. After every second batch call optimizer.step(), "
            "and clear the gradients after it, not before.",
            tuple(
                (one - LR * first / 2).tolist()
            ): "The step came after the "
            "first batch: the first number of enumerate is 0, and 0 % 2 is 0. "
            "Count from 1.",
            tuple(
                (one - LR * (first + second)).tolist()
            ): "That is the *sum* of two means. "
            "Divide each loss by `every` before its backward pass.",
            tuple(
                (one - LR * second / 2).tolist()
            ): "Only the second batch counts: its "
            "gradient came after a zero_grad(). Clear once per step, not once per batch.",
            tuple(
                (one - LR * second).tolist()
            ): "Only the second batch counts: clear once per "
            "step, not once per batch. And divide each loss by `every`.",
            tuple(
                (
                    after_first - LR * gradient(BATCHES[1], after_first)
                ).tolist()
            ): "There was a step after each batch.",
        },
        within=1e-5,
    )
    require(
        not hasattr(mean, "grad_fn"),
        "The mean loss is a tensor with a graph.",
        hint="Adding up losses keeps the graph of every batch alive: add loss.item().",
    )
    losses = [CRITERION(x @ one, y.flatten()).item() for x, y in BATCHES]
    expect(
        mean,
        sum(losses) / 2,
        "the mean loss",
        wrong={
            sum(losses)
            / 4: "You added up the losses after dividing them by `every`. That "
            "division is for the gradient only.",
            0.0: "Nothing was added to `total`.",
        },
        within=1e-5,
    )

    _, weight = trained(work, BATCHES + BATCHES)
    expected = one - LR * (first + second) / 2
    expected = (
        expected
        - LR
        * (gradient(BATCHES[0], expected) + gradient(BATCHES[1], expected))
        / 2
    )
    expect(
        weight,
        expected.view(1, 2),
        "the weight after four batches with every=2",
        hint="The first step was right. Were the gradients cleared after it?",
        within=1e-5,
    )


def trained(work, batches):
    model = nn.Linear(2, 1, bias=False)
    with ad.no_grad():
        model.weight.copy_(ad.tensor([[1.0, -1.0]]))
    optimizer = optim.SGD(model.parameters(), lr=LR)
    mean = work.train_epoch(model, batches, CRITERION, optimizer, every=2)
    return mean, model.weight.detach()


def gradient(batch, weight=None):
    weight = ad.tensor([1.0, -1.0]) if weight is None else weight
    weight = weight.detach().requires_grad_()
    x, y = batch
    CRITERION(x @ weight, y.flatten()).backward()
    return weight.grad
