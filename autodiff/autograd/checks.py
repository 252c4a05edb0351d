"""Checking gradients against finite differences."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside
from autodiff.autograd.differences import analytical, listed, numerical, slope, vector_product
from autodiff.autograd.passes import grad
from autodiff.tensor import Tensor

__all__ = ["GradcheckError", "gradcheck", "gradgradcheck"]


class GradcheckError(RuntimeError):
    """A gradient that finite differences contradict.

    >>> import autodiff as ad
    >>> x = ad.tensor([2.0], dtype=ad.float64, requires_grad=True)
    >>> try:
    ...     ad.autograd.gradcheck(lambda x: x * x.detach(), x)
    ... except ad.autograd.GradcheckError as error:
    ...     print(error)
    Jacobian mismatch ... analytical 2, numerical 4 ...
    """


def gradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Compare the gradients of ``func`` with finite differences, element by element.

    Args:
        func: a function of tensors that returns a tensor or several. It must be deterministic,
            and smooth at the inputs.
        inputs: its arguments. Those that require grad are checked; they should be float64.
        eps: how far each element is nudged.
        atol, rtol: what difference is allowed: atol + rtol * |numerical|.
        raise_exception: raise instead of returning False.
        nondet_tol: how much two backward passes with the same vector may differ.
        check_undefined_grad: accepted; outputs are always differentiated one at a time, so that
            the gradients of all others are undefined.
        check_grad_dtypes: also check that each gradient has the dtype of its input.
        check_backward_ad: must be True: there is nothing else to check.
        fast_mode: compare v @ Jacobian @ u for one random pair u, v, instead of all elements: two
            calls and one backward pass for each input and output. A mistake shows unless its
            errors cancel, but not in which element it is.
        masked: accepted; it concerns sparse tensors only.

    Raises:
        GradcheckError: a gradient is wrong; the message names the input and the element.
        ValueError: no input requires grad.
        NotImplementedError: one of the checks of forward mode and of batches is asked for.

    >>> import autodiff as ad
    >>> x = ad.tensor([0.5, 1.5], dtype=ad.float64, requires_grad=True)
    >>> ad.autograd.gradcheck(lambda x: (x.sin() * x).sum(), x)
    True
    """
    _refuse(
        check_batched_grad=check_batched_grad,
        check_batched_forward_grad=check_batched_forward_grad,
        check_forward_ad=check_forward_ad,
    )
    if not check_backward_ad:
        raise AssertionError("Expected at least one of check_forward_ad or check_backward_ad")
    inputs = listed(inputs)
    wanted = [i for i, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
    if not wanted:
        raise errors.autograd.gradcheck_without_grad()
    if any(inputs[i].value.dtype != np.float64 for i in wanted):
        warnings.warn(
            "gradcheck with inputs that are not float64 is likely to fail: finite differences "
            "need the digits.",
            stacklevel=2,
        )
    outputs = [out for out in enumerate(listed(func(*inputs))) if isinstance(out[1], Tensor)]
    # When nothing is connected to the inputs, the numerical gradient has to be zero.
    checked = [(n, out) for n, out in outputs if out.requires_grad] or outputs
    compare = _compare_one_product if fast_mode else _compare_all
    for number, out in checked:
        for i in wanted:
            if not inputs[i].numel():
                continue
            found = (
                _check_repeated(out, i, inputs[i], nondet_tol)
                or (_check_dtype(out, i, inputs[i]) if check_grad_dtypes else None)
                or compare(func, inputs, i, number, out, eps, atol, rtol)
            )
            if found is not None:
                if not raise_exception:
                    return False
                raise GradcheckError(found)
    return True


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    grad_outputs: Any = None,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """Compare the second derivatives of ``func`` with finite differences of its gradients.

    Args:
        grad_outputs: the vector of the first vector-Jacobian product, for each output; random
            numbers of fixed seed unless given.
        gen_non_contig_grad_outputs: make those random vectors with gaps in memory.
        check_rev_over_rev: must be True: there is nothing else to check.

    The other arguments and the errors are those of `gradcheck`.

    >>> import autodiff as ad
    >>> x = ad.tensor([0.5, 1.5], dtype=ad.float64, requires_grad=True)
    >>> ad.autograd.gradgradcheck(lambda x: x**3, x)
    True
    """
    _refuse(check_fwd_over_rev=check_fwd_over_rev)
    if not check_rev_over_rev:
        raise AssertionError("Expected at least one of check_fwd_over_rev or check_rev_over_rev")
    inputs = listed(inputs)
    outputs = [out for out in listed(func(*inputs)) if out.requires_grad]
    if grad_outputs is None:
        vectors = _random_vectors(outputs, gen_non_contig_grad_outputs)
    else:
        vectors = listed(grad_outputs)
    count = len(inputs)

    def gradients(*arguments: Any) -> tuple[Any, ...]:
        given = list(arguments[:count])
        results = [out for out in listed(func(*given)) if out.requires_grad]
        wanted = [x for x in given if isinstance(x, Tensor) and x.requires_grad]
        found = grad(results, wanted, list(arguments[count:]), create_graph=True, allow_unused=True)
        return tuple(g for g in found if g is not None)

    return gradcheck(
        gradients,
        [*inputs, *vectors],
        eps,
        atol,
        rtol,
        raise_exception,
        nondet_tol,
        check_undefined_grad,
        check_grad_dtypes,
        check_batched_grad,
        fast_mode=fast_mode,
        masked=masked,
    )


def _refuse(**checks: bool) -> None:
    for name, asked in checks.items():
        if asked:
            raise errors.functional.no_such_check(name)


def _random_vectors(outputs: list[Tensor], with_gaps: bool) -> list[Tensor]:
    rng = np.random.default_rng(0)
    vectors = []
    for out in outputs:
        values = rng.standard_normal(out.shape).astype(out.value.dtype)
        if with_gaps and values.ndim:
            values = np.repeat(values, 2, axis=-1)[..., ::2]
        vectors.append(Tensor._wrap(beside(out, values)).requires_grad_())
    return vectors


def _check_repeated(out: Tensor, i: int, x: Tensor, tolerance: float) -> str | None:
    """What is wrong when two backward passes with the same vector differ, or None."""
    if not out.requires_grad:
        return None
    v = np.random.default_rng(0).random(out.numel())
    first, second = (vector_product(out, x, v) for _ in range(2))
    if np.allclose(first, second, rtol=0, atol=tolerance, equal_nan=True):
        return None
    return (
        f"Backward is not reentrant: two backward passes with the same vector gave input {i} "
        f"gradients that differ by {np.abs(first - second).max():.6g}.\n"
        "  Why: a gradient rule uses random numbers, or changes what it saved.\n"
        "  Fix: make it deterministic, or allow the difference with nondet_tol."
    )


def _check_dtype(out: Tensor, i: int, x: Tensor) -> str | None:
    """What is wrong when the gradient has another dtype than the input, or None."""
    if not out.requires_grad:
        return None
    vector = Tensor._wrap(np.ones_like(out.value))
    (g,) = grad(out, x, vector, retain_graph=True, allow_unused=True)
    if g is None or g.dtype is x.dtype:
        return None
    return f"The gradient of input {i} has dtype {g.dtype}, and the input has {x.dtype}."


def _compare_all(
    func: Any, inputs: Any, i: int, number: int, out: Tensor, eps: float, atol: float, rtol: float
) -> str | None:
    """What is wrong with the Jacobian of one output with respect to one input, or None."""
    ours = analytical(out, inputs[i])
    measured = numerical(func, inputs, i, number, eps)
    wrong = ~np.isclose(ours, measured, rtol, atol, equal_nan=True)
    if not wrong.any():
        return None
    row, column = (int(n) for n in np.argwhere(wrong)[0])
    x = inputs[i]
    place = [int(n) for n in np.unravel_index(column, x.shape)] if x.ndim else []
    return (
        f"Jacobian mismatch for output {number} with respect to input {i}, at its element {place}: "
        f"analytical {ours[row, column]:.6g}, numerical {measured[row, column]:.6g} "
        f"({int(wrong.sum())} of {wrong.size} entries differ).\n{WHY}"
    )


def _compare_one_product(
    func: Any, inputs: Any, i: int, number: int, out: Tensor, eps: float, atol: float, rtol: float
) -> str | None:
    """The same from one number, v @ Jacobian @ u. With positive u and v tolerances add up."""
    rng = np.random.default_rng(0)
    u, v = rng.random(inputs[i].numel()), rng.random(out.numel())
    u, v = u / np.linalg.norm(u), v / (np.linalg.norm(v) or 1)
    ours = vector_product(out, inputs[i], v) @ u
    measured = v @ slope(func, inputs, i, number, eps, u)
    if np.isclose(ours, measured, rtol, atol * u.sum() * v.sum(), equal_nan=True):
        return None
    return (
        f"Jacobian mismatch for output {number} with respect to input {i}, in fast mode: "
        f"v @ J @ u is {ours:.6g} by a backward pass and {measured:.6g} by differences.\n{WHY}"
    )


WHY = (
    "  Why: the gradient rule contradicts what nudging the input measures.\n"
    "  Fix: check the rule's sign, factor and saved values, and that contributions\n"
    "       add up.\n"
    "  Lesson: autodiff learn functions"
)
