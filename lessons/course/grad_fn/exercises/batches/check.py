"""Compares with the gradient of the mean loss, with an old gradient lying about."""

import autodiff as ad
from lessons.checking import expect, require


def check(work):
    w = ad.tensor([1.0, -2.0], requires_grad=True)
    batches = [
        ad.tensor([3.0, 1.0]),
        ad.tensor([-1.0, 2.0]),
        ad.tensor([2.0, 2.0]),
    ]

    def loss_of(batch):
        return (w * batch).sum() ** 2

    each = []
    for batch in batches:
        w.grad = None
        loss_of(batch).backward()
        each.append(w.grad)
    total = each[0] + each[1] + each[2]
    mean = total / 3

    divided_each_time = each[0] / 27 + each[1] / 9 + each[2] / 3

    passes = []
    w.register_hook(lambda g: passes.append(g))
    old = ad.tensor([100.0, 100.0])
    w.grad = old.clone()
    expect(
        work.mean_gradient(w, batches, loss_of),
        mean,
        "the mean gradient of three batches",
        wrong={
            numbers(
                total + old
            ): "That is the sum over the batches, on top "
            "of the old gradient.",
            numbers(total): "That is the sum over the batches. The mean is "
            "a third of it.",
            numbers(mean + old): "The old gradient is still in it: clear "
            "w.grad before the first pass.",
            numbers((total + old) / 3): "The old gradient is still in it: "
            "clear w.grad before the first pass.",
            numbers(
                divided_each_time
            ): "What earlier batches left in w.grad "
            "was divided again with each new one. Divide once, at the end, or "
            "each loss before its pass.",
            numbers(each[2]): "Only the last batch counts: the gradients "
            "were cleared between the passes.",
            numbers(each[2] / 3): "Only the last batch counts: the "
            "gradients were cleared between the passes.",
        },
    )
    require(
        len(passes) == len(batches),
        f"The gradient is right, but it took {len(passes)} backward pass for "
        f"{len(batches)} batches.",
        hint="A sum of losses keeps the graphs of all batches alive. Call "
        "backward() for each loss; .grad does the adding.",
    )


def numbers(tensor):
    return tuple(tensor.tolist())
