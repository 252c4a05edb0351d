"""Adam and AdamW."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.optim.fused import fused
from autodiff.optim.optimizer import Optimizer, check_hyperparameters, gradient_numbers
from autodiff.tensor import Tensor

__all__ = ["Adam", "AdamW"]


class Adam(Optimizer):
    """Steps scaled by running means of the gradient and of its square.

    Source: Kingma & Ba, "Adam: A method for stochastic optimization" (2014), algorithm 1;
    with ``amsgrad``, Reddi et al., "On the convergence of Adam and beyond" (2018): steps are scaled
    by the largest mean of squares so far.

    >>> import autodiff as ad
    >>> w = ad.tensor(1.0, requires_grad=True)
    >>> optimizer = ad.optim.Adam([w], lr=0.1)
    >>> (w * 3).backward()
    >>> optimizer.step()
    >>> w
    tensor(0.9000, requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        **ways: bool | None,
    ) -> None:
        settings = {
            "lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
            "amsgrad": amsgrad, "maximize": maximize,
        }  # fmt: skip
        check_hyperparameters(settings, "lr", "eps", "weight_decay")
        for beta in betas:
            if not 0 <= beta < 1:
                raise errors.functions.invalid_setting("beta parameter", beta)
        super().__init__(params, settings, **ways)

    def update(
        self, p: Tensor, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        if group["maximize"]:
            g = -g
        if group["weight_decay"]:
            g = self.decay(x, g, group)
        self.count(x, state, group)
        beta1, beta2 = group["betas"]
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        unbias = math.sqrt(1 - beta2 ** state["step"])
        rate = group["lr"] / (1 - beta1 ** state["step"])
        numbers = beta1, 1 - beta1, beta2, 1 - beta2, unbias, group["eps"], rate
        if not group["amsgrad"] and fused("adam", (x, g, mean, square), numbers):
            return
        scratch = np.empty_like(x)  # one temporary array for every line below

        mean *= beta1
        mean += np.multiply(g, 1 - beta1, out=scratch)
        square *= beta2
        np.multiply(g, g, out=scratch)
        scratch *= 1 - beta2
        square += scratch
        if group["amsgrad"]:
            square = np.maximum(state["max_exp_avg_sq"], square, out=state["max_exp_avg_sq"])

        np.sqrt(square, out=scratch)
        scratch /= unbias
        scratch += group["eps"]
        np.divide(mean, scratch, out=scratch)
        scratch *= rate
        x -= scratch

    def count(self, x: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Count a step; before the first one, start from nothing."""
        if not state:
            names = ["exp_avg", "exp_avg_sq", *(["max_exp_avg_sq"] if group["amsgrad"] else [])]
            state.update({"step": 0} | {name: np.zeros_like(x) for name in names})
        state["step"] += 1

    def on_gpu(self, x: Any, state: dict[str, Any], group: dict[str, Any]) -> Any:
        from autodiff.backends.cuda import updates

        self.count(x, state, group)
        beta1, beta2 = group["betas"]
        numbers = gradient_numbers(group) | {
            "beta1": beta1, "share1": 1 - beta1, "beta2": beta2, "share2": 1 - beta2,
            "unbias": math.sqrt(1 - beta2 ** state["step"]), "eps": group["eps"],
            "rate": group["lr"] / (1 - beta1 ** state["step"]), "kept": 1,
        }  # fmt: skip
        arrays = [state["exp_avg"], state["exp_avg_sq"]]
        if group["amsgrad"]:
            return updates.AMSGRAD, [*arrays, state["max_exp_avg_sq"]], numbers
        return updates.ADAM, arrays, numbers

    def decay(self, x: Any, g: Any, group: dict[str, Any]) -> Any:
        """The gradient with the pull of the weights towards 0 added to it."""
        return g + group["weight_decay"] * x


class AdamW(Adam):
    """Adam with weights that shrink by themselves, apart from the gradient.

    Source: Loshchilov & Hutter, "Decoupled weight decay regularization" (2017), algorithm 2.

    >>> import autodiff as ad
    >>> w = ad.tensor(1.0, requires_grad=True)
    >>> optimizer = ad.optim.AdamW([w], lr=0.1, weight_decay=0.5)
    >>> (w * 3).backward()
    >>> optimizer.step()
    >>> w
    tensor(0.8500, requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        **ways: bool | None,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, **ways)

    def decay(self, x: Any, g: Any, group: dict[str, Any]) -> Any:
        x *= 1 - group["lr"] * group["weight_decay"]
        return g

    def on_gpu(self, x: Any, state: dict[str, Any], group: dict[str, Any]) -> Any:
        update, arrays, numbers = super().on_gpu(x, state, group)
        kept = 1 - group["lr"] * group["weight_decay"]
        return update, arrays, numbers | {"decay": 0, "kept": kept}
