"""Checking gradients against finite differences.

Source of the method: Griewank & Walther, "Evaluating Derivatives" (2008), section 1.1: a central
difference (f(x + e) - f(x - e)) / 2e has an error of order e**2.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.autograd.passes import grad
from autodiff.grad_mode import no_grad
from autodiff.tensor import Tensor

__all__ = ["GradcheckError", "gradcheck", "gradgradcheck"]


class GradcheckError(RuntimeError):
    """A gradient that finite differences contradict."""


def gradcheck(
    f: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Compare the gradients of ``f`` with finite differences, element by element.

    Args:
        f: a function of tensors that returns a tensor or several. It must be deterministic, and
            smooth at the inputs.
        inputs: its arguments. Those that require grad are checked; they should be float64.
        eps: how far each element is nudged.
        atol, rtol: what difference is allowed: atol + rtol * |numerical|.
        raise_exception: raise instead of returning False.

    Raises:
        GradcheckError: a gradient is wrong; the message names the input and the element.
        ValueError: no input requires grad.

    >>> import autodiff as ad
    >>> x = ad.tensor([0.5, 1.5], dtype=ad.float64, requires_grad=True)
    >>> ad.autograd.gradcheck(lambda x: (x.sin() * x).sum(), x)
    True
    """
    inputs = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    wanted = [i for i, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
    if not wanted:
        raise errors.nn.gradcheck_without_grad()
    if any(inputs[i].value.dtype != np.float64 for i in wanted):
        warnings.warn(
            "gradcheck with inputs that are not float64 is likely to fail: finite differences "
            "need the digits.",
            stacklevel=2,
        )
    outputs = [out for out in enumerate(_listed(f(*inputs))) if isinstance(out[1], Tensor)]
    # When nothing is connected to the inputs, the numerical gradient has to be zero.
    checked = [(n, out) for n, out in outputs if out.requires_grad] or outputs
    for number, out in checked:
        for i in wanted:
            if not inputs[i].numel():
                continue
            analytical = _analytical(out, inputs[i])
            numerical = _numerical(f, inputs, i, number, eps)
            wrong = ~np.isclose(analytical, numerical, rtol, atol, equal_nan=True)
            if wrong.any():
                if not raise_exception:
                    return False
                raise GradcheckError(_report(i, number, inputs[i], wrong, analytical, numerical))
    return True


def gradgradcheck(
    f: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    grad_outputs: Any = None,
    **options: Any,
) -> bool:
    """Compare the second derivatives of ``f`` with finite differences of its gradients.

    Args:
        grad_outputs: the vector of the first vector-Jacobian product, for each output; random
            numbers of fixed seed unless given.
        options: as for `gradcheck`.

    >>> import autodiff as ad
    >>> x = ad.tensor([0.5, 1.5], dtype=ad.float64, requires_grad=True)
    >>> ad.autograd.gradgradcheck(lambda x: x**3, x)
    True
    """
    inputs = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    outputs = [out for out in _listed(f(*inputs)) if out.requires_grad]
    if grad_outputs is None:
        rng = np.random.default_rng(0)
        vectors = [
            Tensor._wrap(rng.standard_normal(out.shape).astype(out.value.dtype)) for out in outputs
        ]
        vectors = [v.requires_grad_() for v in vectors]
    else:
        vectors = _listed(grad_outputs)
    count = len(inputs)

    def gradients(*arguments: Any) -> tuple[Any, ...]:
        given = list(arguments[:count])
        results = [out for out in _listed(f(*given)) if out.requires_grad]
        wanted = [x for x in given if isinstance(x, Tensor) and x.requires_grad]
        found = grad(results, wanted, list(arguments[count:]), create_graph=True, allow_unused=True)
        return tuple(g for g in found if g is not None)

    return gradcheck(gradients, [*inputs, *vectors], **options)


def _listed(x: Any) -> list[Any]:
    return list(x) if isinstance(x, (tuple, list)) else [x]


def _analytical(out: Tensor, x: Tensor) -> np.ndarray:
    """The Jacobian by backward passes, one for each element of ``out``: rows are outputs."""
    rows = np.zeros((out.numel(), x.numel()))
    if not out.requires_grad:
        return rows
    for row in range(out.numel()):
        seed = np.zeros(out.numel(), out.value.dtype)
        seed[row] = 1
        vector = Tensor._wrap(seed.reshape(out.shape))
        (g,) = grad(out, x, vector, retain_graph=True, allow_unused=True)
        if g is not None:
            rows[row] = g.value.reshape(-1)
    return rows


def _numerical(
    f: Callable[..., Any], inputs: list[Any], index: int, number: int, eps: float
) -> np.ndarray:
    """The Jacobian of output ``number`` by central differences, one input element at a time."""
    original = inputs[index]
    columns = []
    for element in range(original.numel()):
        sides = []
        for nudge in (eps, -eps):
            values = original.value.copy()
            values.reshape(-1)[element] += nudge
            moved = Tensor._wrap(values, requires_grad=True)
            arguments = [*inputs[:index], moved, *inputs[index + 1 :]]
            out = _listed(f(*arguments))[number]
            with no_grad():
                sides.append(out.detach().value.reshape(-1).astype(np.float64))
        columns.append((sides[0] - sides[1]) / (2 * eps))
    return np.stack(columns, axis=1)


def _report(
    i: int, number: int, x: Tensor, wrong: np.ndarray, analytical: np.ndarray, numerical: np.ndarray
) -> str:
    row, column = (int(n) for n in np.argwhere(wrong)[0])
    place = [int(n) for n in np.unravel_index(column, x.shape)] if x.ndim else []
    return (
        f"Jacobian mismatch for output {number} with respect to input {i}, at its element {place}: "
        f"analytical {analytical[row, column]:.6g}, numerical {numerical[row, column]:.6g} "
        f"({int(wrong.sum())} of {wrong.size} entries differ).\n"
        "  Why: the gradient rule contradicts what nudging the input measures.\n"
        "  Fix: check the rule's sign, factor and saved values, and that contributions add up."
    )
