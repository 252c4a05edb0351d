"""Optimizers that scale each step by the size of past gradients: RMSprop, Adagrad, Adadelta."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autodiff.optim.optimizer import Optimizer, check_hyperparameters, gradient_numbers
from autodiff.tensor import Tensor

__all__ = ["Adadelta", "Adagrad", "RMSprop"]


class RMSprop(Optimizer):
    """Steps divided by a running mean of the gradient's size.

    Source: Hinton, "Neural networks for machine learning", lecture 6 (2012); ``centered`` takes the
    running mean off first: Graves, "Generating sequences with recurrent neural networks" (2013).

    >>> import autodiff as ad
    >>> w = ad.tensor(1.0, requires_grad=True)
    >>> optimizer = ad.optim.RMSprop([w], lr=0.01)
    >>> (w * 3).backward()
    >>> optimizer.step()
    >>> w
    tensor(0.9000, requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        *,
        maximize: bool = False,
        **ways: bool | None,
    ) -> None:
        settings = {
            "lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "centered": centered,
            "weight_decay": weight_decay, "maximize": maximize,
        }  # fmt: skip
        check_hyperparameters(settings, "lr", "eps", "momentum", "weight_decay", "alpha")
        super().__init__(params, settings, **ways)

    def update(
        self, p: Tensor, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        self.count(x, state, group)
        g = _with_decay(x, g, group)
        alpha, square = group["alpha"], state["square_avg"]
        square *= alpha
        square += (1 - alpha) * (g * g)
        spread = square
        if group["centered"]:
            mean = state["grad_avg"]
            mean += (1 - alpha) * (g - mean)
            spread = square - mean * mean
        step = g / (np.sqrt(spread) + group["eps"])
        if group["momentum"]:
            buffer = state["momentum_buffer"]
            buffer *= group["momentum"]
            buffer += step
            step = buffer
        x -= group["lr"] * step

    def count(self, x: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Count a step; before the first one, start from nothing."""
        if not state:
            wanted = {"square_avg": True, "momentum_buffer": group["momentum"]}
            wanted["grad_avg"] = group["centered"]
            names = [name for name, it in wanted.items() if it]
            state.update({"step": 0} | {name: np.zeros_like(x) for name in names})
        state["step"] += 1

    def on_gpu(self, x: Any, state: dict[str, Any], group: dict[str, Any]) -> Any:
        from autodiff.backends.cuda import updates

        self.count(x, state, group)
        alpha = group["alpha"]
        numbers = {"lr": group["lr"], "alpha": alpha, "share": 1 - alpha, "eps": group["eps"]}
        if group["momentum"]:
            numbers["momentum"] = group["momentum"]
        names = ("square_avg", "grad_avg", "momentum_buffer")
        update = updates.rmsprop(group["centered"], bool(group["momentum"]))
        arrays = [state[name] for name in names if name in state]
        return update, arrays, gradient_numbers(group) | numbers


class Adagrad(Optimizer):
    """Steps divided by the root of the sum of all squared gradients so far.

    Source: Duchi, Hazan & Singer, "Adaptive subgradient methods" (2011).

    >>> import autodiff as ad
    >>> w = ad.tensor(1.0, requires_grad=True)
    >>> optimizer = ad.optim.Adagrad([w], lr=0.1)
    >>> (w * 3).backward()
    >>> optimizer.step()
    >>> w
    tensor(0.9000, requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
        **ways: bool | None,
    ) -> None:
        settings = {
            "lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value, "maximize": maximize,
        }  # fmt: skip
        check_hyperparameters(
            settings, "lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps"
        )
        super().__init__(params, settings, **ways)

    def update(
        self, p: Tensor, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        lr = self.count(x, state, group)
        g = _with_decay(x, g, group)
        state["sum"] += g * g
        x -= lr * (g / (np.sqrt(state["sum"]) + group["eps"]))

    def count(self, x: Any, state: dict[str, Any], group: dict[str, Any]) -> float:
        """Count a step; the learning rate that it has."""
        if not state:
            state.update(step=0, sum=np.full_like(x, group["initial_accumulator_value"]))
        state["step"] += 1
        return group["lr"] / (1 + (state["step"] - 1) * group["lr_decay"])

    def on_gpu(self, x: Any, state: dict[str, Any], group: dict[str, Any]) -> Any:
        from autodiff.backends.cuda import updates

        numbers = {"lr": self.count(x, state, group), "eps": group["eps"]}
        return updates.ADAGRAD, [state["sum"]], gradient_numbers(group) | numbers


class Adadelta(Optimizer):
    """Steps in the proportion of the sizes of past steps and past gradients.

    Source: Zeiler, "Adadelta: An adaptive learning rate method" (2012), algorithm 1.

    >>> import autodiff as ad
    >>> w = ad.tensor(1.0, requires_grad=True)
    >>> optimizer = ad.optim.Adadelta([w])
    >>> (w * 3).backward()
    >>> optimizer.step()
    >>> w
    tensor(0.9968, requires_grad=True)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        *,
        maximize: bool = False,
        **ways: bool | None,
    ) -> None:
        settings = {
            "lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize,
        }  # fmt: skip
        check_hyperparameters(settings, "lr", "eps", "weight_decay", fractions=("rho",))
        super().__init__(params, settings, **ways)

    def update(
        self, p: Tensor, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        self.count(x, state)
        g = _with_decay(x, g, group)
        rho, eps = group["rho"], group["eps"]
        square, steps = state["square_avg"], state["acc_delta"]
        square *= rho
        square += (1 - rho) * (g * g)
        step = np.sqrt(steps + eps) / np.sqrt(square + eps) * g
        steps *= rho
        steps += (1 - rho) * (step * step)
        x -= group["lr"] * step

    def count(self, x: Any, state: dict[str, Any]) -> None:
        """Count a step; before the first one, start from nothing."""
        if not state:
            state.update(step=0, square_avg=np.zeros_like(x), acc_delta=np.zeros_like(x))
        state["step"] += 1

    def on_gpu(self, x: Any, state: dict[str, Any], group: dict[str, Any]) -> Any:
        from autodiff.backends.cuda import updates

        self.count(x, state)
        rho = group["rho"]
        numbers = {"lr": group["lr"], "rho": rho, "share": 1 - rho, "eps": group["eps"]}
        arrays = [state["square_avg"], state["acc_delta"]]
        return updates.ADADELTA, arrays, gradient_numbers(group) | numbers


def _with_decay(x: Any, g: Any, group: dict[str, Any]) -> Any:
    """The gradient, of the negative where that is minimized, with the pull towards 0."""
    if group["maximize"]:
        g = -g
    return g + group["weight_decay"] * x if group["weight_decay"] else g
