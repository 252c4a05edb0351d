"""Checks `average` against one model that sees the whole batch."""

import autodiff as ad
from autodiff import nn
from autodiff.nn import functional as F
from lessons.checking import expect, require


def build():
    ad.manual_seed(0)
    return nn.Linear(2, 1)


def gradients(model):
    return [p.grad for p in model.parameters()]


def numbers(tensors):
    return [
        number for each in tensors for number in each.flatten().tolist()
    ]


def check(work):
    ad.manual_seed(1)
    x, y = ad.randn(8, 2), ad.randn(8, 1)
    whole = build()
    F.mse_loss(whole(x), y).backward()
    wanted = numbers(gradients(whole))
    for counts in ([4, 4], [1, 5, 2]):
        copies = [build() for _ in counts]
        for copy, part, target in zip(
            copies, x.split(counts), y.split(counts), strict=True
        ):
            F.mse_loss(copy(part), target).backward()
        before = [numbers(gradients(copy)) for copy in copies]
        each = list(zip(*before, strict=True))
        work.average(copies, counts)
        told = f"the gradients of copy {{}} after average(copies, {counts})"
        mistakes = {
            tuple(before[0]): "They are what this copy had before.",
            tuple(
                map(sum, each)
            ): "That is the sum. Each loss is a mean over its own part"
            " already: weigh it by count / total.",
            tuple(
                sum(g * n for g, n in zip(gs, counts, strict=True))
                for gs in each
            ): "Each gradient counts by its samples. Divide by all of them: weigh it by"
            " count / total.",
            tuple(
                sum(g) / len(g) for g in each
            ): "That is the plain mean: a part with few"
            " samples counts as much as a large one.",
        }
        for index, copy in enumerate(copies):
            expect(
                numbers(gradients(copy)),
                wanted,
                told.format(index),
                within=1e-4,
                hint="Has an earlier copy got its new gradient before this one was worked out?"
                " Work out the mean first, and give it to all afterwards."
                if index
                else "",
                wrong=mistakes
                | {
                    tuple(
                        before[index]
                    ): "They are what this copy had before."
                },
            )
        first, second = copies[0].weight, copies[1].weight
        first.grad.zero_()
        require(
            second.grad.abs().max() > 0,
            "two copies have the same tensor as their gradient: clearing one clears both",
            hint="Give each copy a clone().",
        )
