"""Checks both gradients with a g that is not 1, then measures every slope."""

import autodiff as ad
from lessons.checking import expect, expect_gradient


def check(work):
    base = ad.tensor([2.0, 3.0], dtype=ad.float64, requires_grad=True)
    power = ad.tensor([3.0, 2.0], dtype=ad.float64, requires_grad=True)
    out = work.Power.apply(base, power)
    expect(out, base.detach() ** power.detach(), "Power.apply(base, power)")

    weights = ad.tensor([10.0, 100.0], dtype=ad.float64)
    (weights * out).sum().backward()
    by_base = ad.tensor([12.0, 6.0], dtype=ad.float64)
    by_power = out.detach() * base.detach().log()

    def numbers(gradient):
        return tuple(gradient.tolist())

    expect(
        base.grad,
        weights * by_base,
        "base.grad of (10, 100) * Power at base = (2, 3), power = (3, 2),",
        wrong={
            numbers(by_base): "The derivatives are right, and the gradient "
            "that arrives is forgotten: multiply by g.",
            numbers(
                weights * by_power
            ): "The two gradients are in the wrong "
            "order: the first that you return belongs to the first input.",
            numbers(by_power): "The two gradients are in the wrong order, "
            "and g is forgotten.",
            numbers(weights * out.detach()): "That is g times the value. "
            "The derivative for base is power * base ** (power - 1).",
            numbers(
                weights * by_base / power.detach()
            ): "The factor power in front is missing.",
            numbers(
                weights * power.detach() * out.detach() - 1
            ): "Python reads "
            "base**power - 1 as (base**power) - 1. Put power - 1 in brackets.",
        },
    )
    expect(
        power.grad,
        weights * by_power,
        "power.grad of (10, 100) * Power at base = (2, 3), power = (3, 2),",
        wrong={
            numbers(by_power): "The derivative is right, and the gradient "
            "that arrives is forgotten: multiply by g.",
            numbers(weights * out.detach()): "The factor log(base) is "
            "missing.",
            numbers(weights * base.detach().log()): "The factor "
            "base ** power, the result, is missing.",
            None: "The second gradient is None: backward returns one for "
            "each input.",
        },
    )
    expect_gradient(
        lambda base, power: (work.Power.apply(base, power) ** 2).sum(),
        ad.tensor([0.5, 1.5], dtype=ad.float64, requires_grad=True),
        ad.tensor([-1.0, 2.5], dtype=ad.float64, requires_grad=True),
    )
