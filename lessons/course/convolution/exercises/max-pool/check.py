"""Compares with F.max_pool2d and its backward pass: on the grid of the lesson, then with equals."""

import autodiff as ad
from autodiff.nn import functional as F
from lessons.checking import expect

GRID = ad.tensor([[1.0, 0, 2, 3], [4, 6, 6, 8], [3, 1, 1, 0], [1, 2, 2, 4]])
G = ad.tensor([[1.0, 10.0], [100.0, 1000.0]])


def check(work):
    expect(
        work.pool(GRID),
        F.max_pool2d(GRID[None], 2)[0],
        "pool of the lesson's grid",
        wrong={
            (2.75, 4.75, 1.75, 1.75): "Those are the means of the windows.",
            (
                6.0,
                6.0,
                8.0,
                6.0,
                6.0,
                8.0,
                3.0,
                2.0,
                4.0,
            ): "Those are all nine "
            "windows. Windows do not overlap: they move by 2.",
        },
    )
    ones = backward(GRID, ad.ones(2, 2))
    expect(
        work.pool_backward(GRID, G),
        backward(GRID, G),
        "pool_backward of the lesson's grid, with g = 1, 10 / 100, 1000",
        wrong={
            tuple(
                ones.flatten().tolist()
            ): "The winners are right, but each gets 1. It should get "
            "the number of g that belongs to its window.",
            spread(
                G / 4
            ): "Every number of a window got a quarter. That is the mean's rule: here "
            "the winner takes all.",
            spread(
                G
            ): "Every number of a window got all of g. Only the winner is in the result, so "
            "only the winner matters.",
        },
    )
    aside = ad.tensor([[1.0, 7.0], [2.0, 3.0]])
    one = ad.tensor([[1.0]])
    expect(
        work.pool_backward(aside, one),
        backward(aside, one),
        "pool_backward of 1, 7 / 2, 3 with g = 1",
        wrong={
            (
                0.0,
                0.0,
                1.0,
                0.0,
            ): "Row and column of the winner have changed "
            "places: argmax counts 0, 1 in the first row.",
        },
    )
    equal = ad.tensor([[5.0, 5.0], [5.0, 1.0]])
    g = ad.tensor([[3.0]])
    expect(
        work.pool_backward(equal, g),
        backward(equal, g),
        "pool_backward of 5, 5 / 5, 1 with g = 3",
        wrong={
            (
                3.0,
                3.0,
                3.0,
                0.0,
            ): "All equals got the gradient, so it has become three times as "
            "much. One number was taken into the result: the first.",
            (
                1.0,
                1.0,
                1.0,
                0.0,
            ): "The equals share it. PyTorch and this engine give all of it to "
            "the first.",
        },
    )


def backward(picture, g):
    picture = picture.detach().clone().requires_grad_()
    F.max_pool2d(picture[None], 2)[0].backward(g)
    return picture.grad


def spread(g):
    return tuple(
        g.repeat_interleave(2, 0).repeat_interleave(2, 1).flatten().tolist()
    )
