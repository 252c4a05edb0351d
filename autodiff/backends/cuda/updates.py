"""A step of an optimizer on one parameter as one kernel.

The optimizers' own lines run on the GPU too, each as a kernel that reads and writes all of its
arrays; here each array is read once and written once. The functions say whether they did it: they
leave what is rare to the optimizers.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from autodiff.backends.cuda.array import CudaArray
from autodiff.backends.cuda.kernel import THREAD, Kernel

__all__ = ["adam", "sgd"]

FLOATS = (np.float32, np.float64)


def _fits(*arrays: CudaArray) -> bool:
    first = arrays[0]
    return first.dtype in FLOATS and all(
        a.is_contiguous and a.dtype == first.dtype and a.gpu is first.gpu for a in arrays
    )


def sgd(x: CudaArray, g: CudaArray, velocity: CudaArray | None, group: dict[str, Any]) -> bool:
    """x -= lr * g with what `autodiff.optim.SGD` adds to it."""
    arrays = [x, g, *([] if velocity is None else [velocity])]
    if not _fits(*arrays):
        return False
    sign = -1 if group["maximize"] else 1
    numbers: tuple[float, ...] = (sign, group["weight_decay"], group["lr"])
    if velocity is not None:
        momentum = group["momentum"]
        numbers += (momentum, 1 - group["dampening"], momentum if group["nesterov"] else 0)
    made = sgd_kernel(x.dtype.name, velocity is not None, group["nesterov"])
    x.gpu.launch(made, x.size, *arrays, x.size, *numbers)
    return True


@cache
def sgd_kernel(real: str, momentum: bool, nesterov: bool) -> Kernel:
    more = ["momentum", "share", "ahead"] if momentum else []
    names = ["x", "g", *(["velocity"] if momentum else []), "n", "sign", "decay", "lr", *more]
    lines = ["value = sign * g[i] + decay * x[i]"]
    if momentum:
        lines += ["speed = momentum * velocity[i] + share * value", "velocity[i] = speed"]
        lines.append("value = value + ahead * speed" if nesterov else "value = speed")
    return _kernel(names, [*lines, "x[i] = x[i] - lr * value"], real, 3 if momentum else 2)


def adam(
    x: CudaArray, g: CudaArray, mean: CudaArray, square: CudaArray, step: int, group: dict[str, Any]
) -> bool:
    """The update of `autodiff.optim.Adam`, where no largest square is kept."""
    if group["amsgrad"] or not _fits(x, g, mean, square):
        return False
    beta1, beta2 = group["betas"]
    x.gpu.launch(
        adam_kernel(x.dtype.name), x.size, x, g, mean, square, x.size,
        beta1, 1 - beta1, beta2, 1 - beta2, math.sqrt(1 - beta2**step), group["eps"],
        group["lr"] / (1 - beta1**step),
    )  # fmt: skip
    return True


@cache
def adam_kernel(real: str) -> Kernel:
    names = ["x", "g", "mean", "square", "n", "beta1", "share1", "beta2", "share2", "unbias",
             "eps", "rate"]  # fmt: skip
    lines = [
        "value = g[i]",
        "first = beta1 * mean[i] + share1 * value",
        "second = beta2 * square[i] + share2 * (value * value)",
        "mean[i] = first",
        "square[i] = second",
        "x[i] = x[i] - rate * (first / (sqrt(second) / unbias + eps))",
    ]
    return _kernel(names, lines, real, 4)


def _kernel(names: list[str], lines: list[str], real: str, arrays: int) -> Kernel:
    body = "".join(f"        {line}\n" for line in lines)
    text = f"def kernel({', '.join(names)}):\n{THREAD}    while i < n:\n{body}"
    text += "        i = uint32(i + step)\n"
    numbers = [real] * (len(names) - arrays - 1)
    return Kernel(text, (*[f"{real}*"] * arrays, "uint32", *numbers))
