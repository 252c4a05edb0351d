"""Kaiming's start: a variance of 2 / inputs."""

import autodiff as ad


def start(weight: ad.Tensor) -> None:
    inputs = weight.shape[1]
    with ad.no_grad():
        weight.normal_(0.0, (2 / inputs) ** 0.5)
