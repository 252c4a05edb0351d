"""Walks beside optim.Adam: the first step, where the corrections matter most, and ten more."""

import autodiff as ad
from autodiff import optim
from lessons.checking import expect, require

START = [-8.0, 1.0]


def valley(p):
    return p[0] ** 2 / 20 + p[1] ** 2


def check(work):
    result = work.adam_step(
        ad.tensor(START),
        ad.tensor([-0.8, 2.0]),
        ad.zeros(2),
        ad.zeros(2),
        t=1,
    )
    require(
        isinstance(result, tuple) and len(result) == 3,
        "adam_step is to return three tensors: p, m and s.",
    )
    p, m, s = result
    expect(
        m,
        [-0.08, 0.2],
        "m after the first step",
        wrong={
            (
                -0.8,
                2.0,
            ): "That is the gradient: m keeps 0.9 of the old m and takes 0.1 of g. (The "
            "correction is for p only; m itself is handed on without it.)",
            (
                -0.72,
                1.8,
            ): "The two factors are exchanged: 0.9 belongs to the old m.",
        },
        within=1e-5,
    )
    expect(
        s,
        [0.00064, 0.004],
        "s after the first step",
        wrong={
            (
                -0.0008,
                0.002,
            ): "s averages the *squares* of the gradients: g * g."
        },
        within=1e-5,
    )
    expect(
        p,
        [-7.9, 0.9],
        "p after the first step",
        wrong={
            (
                -8 + 0.01 / 0.001**0.5,
                1 - 0.01 / 0.001**0.5,
            ): "Without the corrections the first "
            "step is too long. Divide m by 1 - 0.9**t and s by 1 - 0.999**t.",
            (
                -8 + 0.1 / 0.8,
                1 - 0.1 / 2,
            ): "The square root is missing: divide by sqrt(s).",
            (-8.1, 1.1): "That is uphill: subtract.",
        },
        within=1e-4,
    )
    expect(
        walk(work.adam_step),
        walk_with_optimizer(),
        "p after eleven steps",
        hint="The first step was right. The corrections are powers, 0.9**t and "
        "0.999**t; m and s are handed on without them.",
        within=1e-4,
    )


def walk(adam_step):
    p, m, s = ad.tensor(START), ad.zeros(2), ad.zeros(2)
    for t in range(1, 12):
        p = p.detach().requires_grad_()
        valley(p).backward()
        p, m, s = adam_step(p.detach(), p.grad, m, s, t)
    return p


def walk_with_optimizer():
    p = ad.tensor(START, requires_grad=True)
    optimizer = optim.Adam([p], lr=0.1)
    for _ in range(11):
        optimizer.zero_grad()
        valley(p).backward()
        optimizer.step()
    return p
