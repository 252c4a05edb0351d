"""An all-reduce: the mean of the gradients, each counted by its samples."""

from autodiff import nn


def average(copies: list[nn.Module], counts: list[int]) -> None:
    total = sum(counts)
    for same in zip(*[copy.parameters() for copy in copies], strict=True):
        pairs = zip(same, counts, strict=True)
        mean = sum(p.grad * (count / total) for p, count in pairs)
        for p in same:
            p.grad = mean.clone()
