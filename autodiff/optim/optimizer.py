"""Optimizer: what all optimizers share."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from autodiff import errors
from autodiff.arrays import ARRAYS, in_order, on_host, placed
from autodiff.grad_mode import enable_grad, mode
from autodiff.source import user_line
from autodiff.tensor import Tensor
from autodiff.views import mark_written

if TYPE_CHECKING:
    from autodiff.backends.cuda.updates import Update

__all__ = ["Optimizer", "check_hyperparameters", "gradient_numbers"]

LONG_NAMES = {"lr": "learning rate", "eps": "epsilon value"}


WAYS = {"capturable", "foreach", "fused"}
"""PyTorch's optimizers choose by these between ways to compute the same; here there is one."""


class Optimizer:
    """Base of optimizers: groups of parameters with their settings, and state per parameter.

    A subclass implements `update`, which changes one parameter in place. With `on_gpu` too, all
    parameters of a group that are on a GPU are changed by one kernel.

    Raises:
        TypeError: ``params`` is not a list of tensors or of groups.
        ValueError: no parameters, or one that is not a leaf.

    >>> import numpy as np
    >>> import autodiff as ad
    >>> class SignDescent(ad.optim.Optimizer):
    ...     def __init__(self, params, lr):
    ...         super().__init__(params, {"lr": lr})
    ...     def update(self, p, x, g, state, group):
    ...         x -= group["lr"] * np.sign(g)
    >>> w = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> (w * ad.tensor([5.0, -7.0])).sum().backward()
    >>> SignDescent([w], lr=0.5).step()
    >>> w.detach()
    tensor([0.5000, 2.5000])
    """

    def __init__(
        self, params: Iterable[Any], defaults: dict[str, Any], **ways: bool | None
    ) -> None:
        for name in ways.keys() - WAYS:
            raise errors.functions.unexpected_argument(type(self).__name__, name)
        if isinstance(params, Tensor):
            raise errors.optim.not_a_list_of_parameters("a single Tensor")
        if not isinstance(params, Iterable):
            raise errors.optim.not_iterable(type(params).__name__, hasattr(params, "parameters"))
        params = list(params)
        if not params:
            raise errors.optim.no_parameters()
        groups = params if isinstance(params[0], dict) else [{"params": params}]
        self.defaults = defaults
        self.param_groups: list[dict[str, Any]] = []
        self.state: defaultdict[Any, dict[str, Any]] = defaultdict(dict)
        self._stepped = False
        for group in groups:
            self.add_param_group(group)

    def __init_subclass__(cls) -> None:
        if {"update", "decay"} & cls.__dict__.keys() and "on_gpu" not in cls.__dict__:
            cls.on_gpu = Optimizer.on_gpu  # type: ignore[method-assign]  # that of another rule

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Optimize more parameters, with settings of their own.

        Raises:
            TypeError: not a dict, its parameters are a set, or one of them is not a tensor.
            ValueError: one of them is not a leaf, or is in a group already.

        Warns:
            UserWarning: one of them is in the group twice.

        >>> import autodiff as ad
        >>> a, b = ad.zeros(1, requires_grad=True), ad.zeros(1, requires_grad=True)
        >>> optimizer = ad.optim.SGD([a], lr=0.1)
        >>> optimizer.add_param_group({"params": [b], "lr": 0.01})
        >>> [group["lr"] for group in optimizer.param_groups]
        [0.1, 0.01]
        """
        if not isinstance(group, dict):
            raise errors.optim.group_not_a_dict(type(group).__name__)
        params = group["params"]
        if isinstance(params, set):
            raise errors.optim.parameters_in_a_set()
        params = [params] if isinstance(params, Tensor) else list(params)
        names = {}
        if params and all(isinstance(p, tuple) for p in params):  # from named_parameters()
            names = {"param_names": [name for name, _ in params]}
            params = [p for _, p in params]
        present = {p for group in self.param_groups for p in group["params"]}
        for p in params:
            if not isinstance(p, Tensor):
                raise errors.optim.not_a_parameter(type(p).__name__)
            if not p.is_leaf:
                raise errors.optim.not_a_leaf_parameter()
            if p in present:
                raise errors.optim.parameter_in_two_groups()
        if len(set(params)) < len(params):
            warnings.warn(errors.optim.duplicate_parameters(), stacklevel=3)
        self.param_groups.append({**self.defaults, **group, "params": params, **names})

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to zero.

        >>> import autodiff as ad
        >>> w = ad.tensor([1.0], requires_grad=True)
        >>> w.sum().backward()
        >>> ad.optim.SGD([w], lr=0.1).zero_grad()
        >>> w.grad is None
        True
        """
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p.grad = None
                elif p.grad is not None:
                    p.grad.zero_()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change every parameter that has a gradient.

        Args:
            closure: computes the loss again and returns it; what ``step`` returns too.

        >>> import autodiff as ad
        >>> w = ad.tensor([1.0], requires_grad=True)
        >>> (3 * w).sum().backward()
        >>> ad.optim.SGD([w], lr=0.1).step()
        >>> w.detach()  # 1 - 0.1 * 3
        tensor([0.7000])
        """
        self._stepped = True
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        run = self._update_all
        for observer in mode.observers:
            run = partial(observer.optimize, self, run)
        run()
        return loss

    def _update_all(self) -> None:
        line = user_line()
        for group in self.param_groups:
            together = _Together()
            for p in group["params"]:
                if p.grad is None:
                    continue
                x, g, state = p.value, p.grad.value, self.state[p]
                if on_host(x) or not together.takes(self, x, g, state, group):
                    self.update(p, x, g, state, group)
                mark_written(p, line)
            together.run()

    def update(
        self, p: Tensor, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        """Change the array ``x`` of one parameter in place, given its gradient ``g``."""
        raise NotImplementedError

    def on_gpu(
        self, x: Any, state: dict[str, Any], group: dict[str, Any]
    ) -> tuple[Update, list[Any], dict[str, float]] | None:
        """How a kernel does for the array ``x`` what `update` does: None where it cannot.

        Counts the step, and returns the update, the arrays of its state, and its numbers.
        """
        return None

    def step_was_skipped(self) -> bool:
        """Whether `step` was never called; a subclass with a step of its own is believed."""
        return type(self).step is Optimizer.step and not self._stepped

    def state_dict(self) -> dict[str, Any]:
        """Settings and state, with parameters replaced by their numbers.

        >>> import autodiff as ad
        >>> optimizer = ad.optim.SGD([ad.zeros(1, requires_grad=True)], lr=0.1)
        >>> optimizer.state_dict()["param_groups"][0]["lr"]
        0.1
        """
        numbers = self._numbers()
        return {
            "state": {numbers[p]: _shown(state) for p, state in self.state.items() if state},
            "param_groups": [
                {**group, "params": [numbers[p] for p in group["params"]]}
                for group in self.param_groups
            ],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue from what `state_dict` gave.

        Raises:
            ValueError: it belongs to another number of parameters.

        >>> import autodiff as ad
        >>> w = ad.zeros(1, requires_grad=True)
        >>> slow, fast = ad.optim.SGD([w], lr=0.1), ad.optim.SGD([w], lr=0.5)
        >>> slow.load_state_dict(fast.state_dict())
        >>> slow.param_groups[0]["lr"]
        0.5
        """
        if len(self.param_groups) != len(state["param_groups"]):
            raise errors.optim.number_of_groups(len(self.param_groups), len(state["param_groups"]))
        sizes = [len(group["params"]) for group in self.param_groups]
        if sizes != [len(group["params"]) for group in state["param_groups"]]:
            raise errors.optim.optimizer_state_mismatch()
        by_number = {number: p for p, number in self._numbers().items()}
        held = {
            by_number[number]: {k: _held(k, v, by_number[number]) for k, v in saved.items()}
            for number, saved in state["state"].items()
        }
        for group, saved in zip(self.param_groups, state["param_groups"], strict=True):
            group.update({k: v for k, v in saved.items() if k != "params"})
        self.state = defaultdict(dict, held)

    def _numbers(self) -> dict[Any, int]:
        params = [p for group in self.param_groups for p in group["params"]]
        return {p: number for number, p in enumerate(params)}

    def __repr__(self) -> str:
        groups = []
        for number, group in enumerate(self.param_groups):
            lines = [f"    {k}: {v}" for k, v in sorted(group.items()) if k != "params"]
            groups.append("\n".join([f"Parameter Group {number}", *lines, ""]))
        return f"{type(self).__name__} (\n" + "\n".join(groups) + ")"


class _Together:
    """Parameters on a GPU that are updated alike."""

    def __init__(self) -> None:
        self.rows: dict[Any, list[list[Any]]] = {}

    def takes(
        self, optimizer: Optimizer, x: Any, g: Any, state: dict[str, Any], group: dict[str, Any]
    ) -> bool:
        """Whether a kernel can update ``x``: then `run` will."""
        from autodiff.backends.cuda import updates

        g = in_order(g)
        if not updates.fits(x, g, *(v for v in state.values() if isinstance(v, ARRAYS))):
            return False
        found = optimizer.on_gpu(x, state, group)
        if found is None:
            return False
        update, arrays, numbers = found
        key = (update, x.gpu, x.dtype, tuple(numbers.items()))
        self.rows.setdefault(key, []).append([x, g, *arrays])
        return True

    def run(self) -> None:
        for (update, _, _, numbers), rows in self.rows.items():
            from autodiff.backends.cuda import updates

            updates.run(update, rows, dict(numbers))


def _shown(state: dict[str, Any]) -> dict[str, Any]:
    """One parameter's state for the user: its arrays as tensors, which share their memory."""
    return {k: Tensor._wrap(v) if isinstance(v, ARRAYS) else v for k, v in state.items()}


def _held(name: str, value: Any, p: Tensor) -> Any:
    """A value of a saved state as `update` wants it: a count as a number, arrays beside ``p``."""
    if isinstance(value, Tensor):
        value = value.item() if name == "step" else value.value
    return placed(value.copy(), p.device) if isinstance(value, ARRAYS) else value


def gradient_numbers(group: dict[str, Any]) -> dict[str, float]:
    """What a kernel needs to know to start from ``sign * g + decay * x``."""
    return {"sign": -1 if group["maximize"] else 1, "decay": group["weight_decay"]}


def check_hyperparameters(
    settings: dict[str, Any], *not_negative: str, fractions: tuple[str, ...] = ()
) -> None:
    """Refuse settings that are negative, or not between 0 and 1, where they must not be.

    Raises:
        ValueError: a setting is out of its range.
    """
    for name in (*not_negative, *fractions):
        value = settings[name]
        if value < 0 or (name in fractions and value > 1):
            raise errors.functions.invalid_setting(LONG_NAMES.get(name, f"{name} value"), value)
