"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.optim.fused import fused
from autodiff.optim.optimizer import Optimizer, check_hyperparameters, gradient_numbers
from autodiff.tensor import Tensor

__all__ = ["SGD"]


class SGD(Optimizer):
    """Steps against the gradient, optionally with momentum.

    With momentum m, the velocity v becomes m * v + (1 - dampening) * g, and the step is
    lr * v, or with ``nesterov`` lr * (g + m * v).
    Source: Sutskever et al., "On the importance of initialization and momentum in deep learning"
    (2013), in PyTorch's form.

    >>> import autodiff as ad
    >>> w = ad.tensor(1.0, requires_grad=True)
    >>> optimizer = ad.optim.SGD([w], lr=0.1)
    >>> (w * 3).backward()
    >>> optimizer.step()
    >>> w
    tensor(0.7000, requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        **ways: bool | None,
    ) -> None:
        settings = {
            "lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay,
            "nesterov": nesterov, "maximize": maximize,
        }  # fmt: skip
        check_hyperparameters(settings, "lr", "momentum", "weight_decay")
        if nesterov and (momentum <= 0 or dampening != 0):
            raise errors.optim.nesterov_needs_momentum()
        super().__init__(params, settings, **ways)

    def update(
        self, p: Tensor, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        if group["maximize"]:
            g = -g
        if group["weight_decay"]:
            g = g + group["weight_decay"] * x
        momentum = group["momentum"]
        if momentum:
            velocity = state.get("momentum_buffer")
            plain = velocity is not None and not group["dampening"] and not group["nesterov"]
            if plain and fused("momentum", (x, g, velocity), (momentum, group["lr"])):
                return
            if velocity is None:
                velocity = state["momentum_buffer"] = np.copy(g)
            else:
                velocity *= momentum
                velocity += g if not group["dampening"] else (1 - group["dampening"]) * g
            g = g + momentum * velocity if group["nesterov"] else velocity
        elif fused("descend", (x, g), (group["lr"],)):
            return
        x -= np.multiply(g, group["lr"])

    def on_gpu(self, x: Any, state: dict[str, Any], group: dict[str, Any]) -> Any:
        from autodiff.backends.cuda import updates

        numbers = gradient_numbers(group) | {"lr": group["lr"]}
        momentum = group["momentum"]
        if not momentum:
            return updates.SGD, [], numbers
        velocity = state.get("momentum_buffer")
        numbers |= {"momentum": momentum, "share": 1 - group["dampening"]}
        if velocity is None:
            velocity = state["momentum_buffer"] = np.zeros_like(x)
            numbers["share"] = 1
        nesterov = {"own": 1, "ahead": momentum} if group["nesterov"] else {"own": 0, "ahead": 1}
        return updates.MOMENTUM, [velocity], numbers | nesterov
