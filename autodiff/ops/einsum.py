"""Einstein's summation, as permutations and matrix products.

Each pair of operands becomes one product of stacks of matrices, so the gradient is that of these.
"""

from __future__ import annotations

import math
import re
from typing import Any

from autodiff import errors
from autodiff.ops.diagonal import diagonal
from autodiff.ops.linalg import Matmul, check_dtypes
from autodiff.ops.order import permute
from autodiff.ops.view import reshape, squeeze, unsqueeze
from autodiff.public import public

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@public(method=False)
def einsum(equation: Any, *operands: Any) -> Any:
    """Products of the elements of the operands, summed over the letters the output does not have.

    Without an arrow the output has, in alphabetical order, the letters that occur once. Three dots
    stand for any further dimensions, which are broadcast.

    Raises:
        RuntimeError: the equation does not fit the operands, or their dtypes differ.

    >>> import autodiff as ad
    >>> ad.einsum("ij,j->i", ad.tensor([[1, 2], [3, 4]]), ad.tensor([1, 1]))
    tensor([3, 7])
    """
    if not isinstance(equation, str):
        equation, operands = _from_lists((equation, *operands))
    elif len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    terms, output = parse(equation, [x.ndim for x in operands])
    check_dtypes(*operands)
    sizes = _sizes(terms, operands)
    pairs = [_distinct(x, term, sizes) for x, term in zip(operands, terms, strict=True)]
    x, labels = pairs[0]
    for k, (y, others) in enumerate(pairs[1:]):
        needed = set(output).union(*(later for _, later in pairs[k + 2 :]))
        x, labels = _contract(x, labels, y, others, needed)
    summed = tuple(d for d, label in enumerate(labels) if label not in output)
    if summed:
        x = x.sum(summed)
        labels = [label for label in labels if label in output]
    for label in output:
        if label not in labels:  # only dimensions of size 1 stand for it
            x, labels = unsqueeze(x, -1), [*labels, label]
    return permute(x, *(labels.index(label) for label in output)) if labels != output else x


def parse(equation: str, ndims: list[int]) -> tuple[list[list[str]], list[str]]:
    """The labels of each operand and of the output; those of the dots are numbers.

    >>> parse("...ij,jk", [3, 2])
    ([['0', 'i', 'j'], ['j', 'k']], ['0', 'i', 'k'])
    """
    equation = equation.replace(" ", "")
    if not re.fullmatch(r"[a-zA-Z.,]*(->[a-zA-Z.]*)?", equation):
        raise errors.linalg.einsum(f"{equation!r} is not made of letters, commas, dots and ->.")
    left, arrow, right = equation.partition("->")
    texts = left.split(",")
    if len(texts) != len(ndims):
        raise errors.linalg.einsum(f"{len(texts)} terms for {len(ndims)} operands in {equation!r}.")
    dots = [
        n - len(t.replace("...", "")) if "..." in t else 0
        for t, n in zip(texts, ndims, strict=True)
    ]
    most = max(dots)
    terms = [_labels(text, most, n) for text, n in zip(texts, dots, strict=True)]
    for term, ndim, count in zip(terms, ndims, dots, strict=True):
        if len(term) != ndim or count < 0:
            raise errors.linalg.einsum(f"{''.join(term)!r} names {len(term)} of {ndim} dimensions.")
    everything = [label for term in terms for label in term]
    if arrow:
        output = _labels(right, most, most)
    else:
        once = sorted(x for x in set(everything) if x.isalpha() and everything.count(x) == 1)
        output = [str(d) for d in range(most)] + once
    for label in output:
        if output.count(label) > 1:
            raise errors.linalg.einsum(f"output subscript {label} appears more than once.")
        if label not in everything:
            raise errors.linalg.einsum(f"output subscript {label} is not one of an input's.")
    return terms, output


def _labels(text: str, most: int, count: int) -> list[str]:
    before, dots, after = text.partition("...")
    if "." in before + after:
        raise errors.linalg.einsum(f"{text!r} has dots that are not one group of three.")
    return [*before, *(str(d) for d in range(most - count, most) if dots), *after]


def _from_lists(arguments: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """The equation of ``einsum(x, [0, 1], y, [1, 2], [0, 2])``."""
    operands, lists = arguments[: len(arguments) // 2 * 2 : 2], arguments[1::2]
    texts = ["".join("..." if k is ... else LETTERS[k] for k in numbers) for numbers in lists]
    equation = ",".join(texts)
    if len(arguments) % 2:
        equation += "->" + "".join("..." if k is ... else LETTERS[k] for k in arguments[-1])
    return equation, operands


def _sizes(terms: list[list[str]], operands: tuple[Any, ...]) -> dict[str, int]:
    """The size of each label; sizes of 1 are broadcast."""
    sizes: dict[str, int] = {}
    for term, x in zip(terms, operands, strict=True):
        for label, size in zip(term, x.shape, strict=True):
            known = sizes.get(label, 1)
            if known != size and 1 not in (known, size):
                raise errors.linalg.einsum(f"subscript {label} has size {size} and size {known}.")
            sizes[label] = size if known == 1 else known
    return sizes


def _distinct(x: Any, term: list[str], sizes: dict[str, int]) -> tuple[Any, list[str]]:
    """The operand with each label once, and without dimensions that are broadcast."""
    labels = list(term)
    for d in reversed(range(len(labels))):
        if x.shape[d] == 1 and sizes[labels[d]] != 1:
            x = squeeze(x, d)
            del labels[d]
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            x = diagonal(x, 0, first, second)
            labels = [*labels[:first], *labels[first + 1 : second], *labels[second + 1 :], label]
    return x, labels


def _contract(
    x: Any, labels: list[str], y: Any, others: list[str], needed: set[str]
) -> tuple[Any, list[str]]:
    """Two operands as one: a stack of matrix products."""
    x, labels = _sum_unneeded(x, labels, needed.union(others))
    y, others = _sum_unneeded(y, others, needed.union(labels))
    shared = [label for label in labels if label in others]
    batch = [label for label in shared if label in needed]
    summed = [label for label in shared if label not in needed]
    rows = [label for label in labels if label not in shared]
    columns = [label for label in others if label not in shared]
    size = dict(zip(labels, x.shape, strict=True)) | dict(zip(others, y.shape, strict=True))

    def count(group: list[str]) -> int:
        return math.prod(size[label] for label in group)

    x = permute(x, *(labels.index(label) for label in batch + rows + summed))
    y = permute(y, *(others.index(label) for label in batch + summed + columns))
    left = reshape(x, count(batch), count(rows), count(summed))
    right = reshape(y, count(batch), count(summed), count(columns))
    result = batch + rows + columns
    return reshape(Matmul.apply(left, right), [size[label] for label in result]), result


def _sum_unneeded(x: Any, labels: list[str], needed: set[str]) -> tuple[Any, list[str]]:
    unneeded = tuple(d for d, label in enumerate(labels) if label not in needed)
    if not unneeded:
        return x, labels
    return x.sum(unneeded), [label for label in labels if label in needed]
