"""A target that is computed, and yet not learned."""

import autodiff as ad


def loss(w: ad.Tensor, state: float, reward: float, following: float):
    value = w * state
    target = (reward + w * following).detach()
    return (value - target) ** 2
