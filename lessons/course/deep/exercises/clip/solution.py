"""Clipping by the length of all gradients together."""

import autodiff as ad


def clip(gradients: list[ad.Tensor], limit: float) -> float:
    length = sum((g**2).sum().item() for g in gradients) ** 0.5
    if length > limit:
        for g in gradients:
            g *= limit / length
    return length
