"""Derivatives of functions: Jacobians, Hessians, and their products with a vector.

All are built from backward passes. A backward pass computes v @ Jacobian (`vjp`). It is linear in
v, so differentiating it with respect to v gives Jacobian @ v (`jvp`): the "double-backward trick".
The Hessian is the Jacobian of the gradient, which gives `vhp` and `hvp` in the same two ways.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff import errors
from autodiff.autograd.passes import grad
from autodiff.creation import zeros_like
from autodiff.grad_mode import enable_grad
from autodiff.ops.join import stack
from autodiff.tensor import Tensor

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]

Tensors = tuple[Tensor, ...]


@enable_grad()
def vjp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """What ``func`` returns, and v @ Jacobian.

    Args:
        func: a function of tensors that returns a tensor or a tuple of tensors.
        inputs: its argument, or a tuple of them.
        v: one tensor for each result, of its shape; not needed for a single number.
        create_graph: record, so that the product can be differentiated.
        strict: raise where a result does not depend on an input, instead of giving zeros.

    Returns:
        The results of ``func``, and one tensor for each input, of its shape.

    Raises:
        RuntimeError: ``v`` does not fit; or, with ``strict``, something is independent.
        TypeError: an input or a result is not a tensor.

    >>> import autodiff as ad
    >>> ad.autograd.functional.vjp(lambda x: x**2, ad.tensor([1.0, 2.0]), ad.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    xs, one_input = _leaves(inputs, "vjp", create_graph)
    outs, one_output = _call(func, xs, "vjp", strict)
    vs = _vectors(v, outs, "vjp", create_graph, "a single Tensor with a single element")
    products = _filled(_grads(outs, xs, vs, create_graph), xs, strict, create_graph)
    return _given(outs, one_output, create_graph), _given(products, one_input, create_graph)


@enable_grad()
def jvp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """What ``func`` returns, and Jacobian @ v: how the results change as the inputs move along v.

    Two backward passes compute it. Arguments and errors are those of `vjp`, except that ``v``
    holds one tensor for each input.

    >>> import autodiff as ad
    >>> ad.autograd.functional.jvp(lambda x: x**2, ad.tensor([1.0, 2.0]), ad.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    xs, _ = _leaves(inputs, "jvp", create_graph)
    vs = _vectors(v, xs, "jvp", create_graph, "a single input with a single element")
    outs, one_output = _call(func, xs, "jvp", strict)
    us = tuple(zeros_like(out).requires_grad_() for out in outs)
    products = _transposed(_grads(outs, xs, us, True), us, vs, strict, create_graph)
    return _given(outs, one_output, create_graph), _given(products, one_output, create_graph)


@enable_grad()
def jacobian(
    func: Callable[..., Any],
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """All partial derivatives of ``func``, of shape ``(*result.shape, *input.shape)``.

    One backward pass for each element of the result computes them.

    Args:
        vectorize: accepted for compatibility; the result is the same.
        strategy: only "reverse-mode" is there.
        func, inputs, create_graph, strict: as for `vjp`.

    Returns:
        A tensor; a tuple over inputs, over results, or over both (results first) where there are
        tuples of them.

    Raises:
        NotImplementedError: another strategy.

    >>> import autodiff as ad
    >>> ad.autograd.functional.jacobian(lambda x: x**2, ad.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    _only_reverse(strategy)
    xs, one_input = _leaves(inputs, "jacobian", create_graph)
    outs, one_output = _call(func, xs, "jacobian", strict)
    blocks = []
    for out in outs:
        flat = out.reshape(-1)
        rows = [
            _filled(_grads((flat[i],), xs, None, create_graph, True), xs, strict, create_graph)
            for i in range(out.numel())
        ]
        columns = zip(*rows, strict=True) if rows else ((),) * len(xs)
        block = tuple(
            stack(column).reshape(*out.shape, *x.shape)
            if column
            else x.detach().new_zeros((*out.shape, *x.shape))
            for x, column in zip(xs, columns, strict=True)
        )
        blocks.append(_given(block, one_input, create_graph))
    return blocks[0] if one_output else tuple(blocks)


def hessian(
    func: Callable[..., Any],
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """All second derivatives of ``func``, which returns a single number.

    Arguments and errors are those of `jacobian`.

    Returns:
        A tensor of shape ``(*input.shape, *input.shape)``; for a tuple of inputs, a tuple of
        tuples, one row for each input.

    >>> import autodiff as ad
    >>> ad.autograd.functional.hessian(lambda x: x[0] ** 2 * x[1], ad.tensor([1.0, 2.0]))
    tensor([[4., 2.],
            [2., 0.]])
    """
    _only_reverse(outer_jacobian_strategy)

    def gradient(*xs: Tensor) -> Any:
        given = xs if isinstance(inputs, tuple) else xs[0]
        return jacobian(lambda *xs: _number(func(*xs), "hessian"), given, create_graph=True)

    return jacobian(gradient, inputs, create_graph, strict)


@enable_grad()
def vhp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """What ``func``, which returns a single number, returns, and v @ Hessian.

    Arguments and errors are those of `vjp`, except that ``v`` holds one tensor for each input.

    >>> import autodiff as ad
    >>> ad.autograd.functional.vhp(lambda x: (x**3).sum(), ad.tensor([1.0, 2.0]), ad.ones(2))
    (tensor(9.), tensor([ 6., 12.]))
    """
    xs, one_input = _leaves(inputs, "vhp", create_graph)
    vs = _vectors(v, xs, "vhp", create_graph, "a single input with a single element")
    (out,), _ = _call(lambda *xs: _number(func(*xs), "vhp"), xs, "vhp", strict)
    gradient = _filled(_grads((out,), xs, None, True), xs, strict, False)
    products = _filled(_grads(gradient, xs, vs, create_graph), xs, strict, create_graph)
    return _given((out,), True, create_graph), _given(products, one_input, create_graph)


@enable_grad()
def hvp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """What ``func``, which returns a single number, returns, and Hessian @ v.

    As the Hessian is symmetric, the product is that of `vhp`, which takes one pass less.

    >>> import autodiff as ad
    >>> ad.autograd.functional.hvp(lambda x: (x**3).sum(), ad.tensor([1.0, 2.0]), ad.ones(2))
    (tensor(9.), tensor([ 6., 12.]))
    """
    xs, one_input = _leaves(inputs, "hvp", create_graph)
    vs = _vectors(v, xs, "hvp", create_graph, "a single input with a single element")
    (out,), _ = _call(lambda *xs: _number(func(*xs), "hvp"), xs, "hvp", strict)
    gradient = _filled(_grads((out,), xs, None, True), xs, strict, False)
    us = tuple(zeros_like(x).requires_grad_() for x in xs)
    products = _transposed(_grads(gradient, xs, us, True), us, vs, strict, create_graph)
    return _given((out,), True, create_graph), _given(products, one_input, create_graph)


# -- the parts they share -----------------------------------------------------------------------


def _leaves(inputs: Any, name: str, create_graph: bool) -> tuple[Tensors, bool]:
    """The inputs as new tensors that require grad, apart from others of the same name."""
    xs, alone = _tuple(inputs, f"inputs given to {name}")
    leaves = tuple(
        x.reshape(x.shape) if create_graph and x.requires_grad else x.detach().requires_grad_()
        for x in xs
    )
    return leaves, alone


def _call(func: Callable[..., Any], xs: Tensors, name: str, strict: bool) -> tuple[Tensors, bool]:
    outs, alone = _tuple(func(*xs), f"outputs of the user-provided function given to {name}")
    for i, out in enumerate(outs):
        if strict and not out.requires_grad:
            raise errors.functional.constant_output(i)
    return outs, alone


def _vectors(v: Any, others: Tensors, name: str, create_graph: bool, when: str) -> Tensors | None:
    """The vector to multiply with: one tensor for each of ``others``, of its shape."""
    if v is None:
        if len(others) != 1 or others[0].numel() != 1:
            raise errors.functional.vector_missing(when)
        return None
    vs, _ = _tuple(v, f"v given to {name}")
    if len(vs) != len(others):
        raise errors.functional.vector_count(len(others), len(vs))
    for i, (given, other) in enumerate(zip(vs, others, strict=True)):
        if given.shape != other.shape:
            raise errors.functional.vector_shape(i, other.shape, given.shape)
    return tuple(given if create_graph else given.detach() for given in vs)


def _grads(
    outs: Any, xs: Tensors, vs: Any, create_graph: bool, retain_graph: bool | None = None
) -> Any:
    """`grad` of those of ``outs`` that require grad; None where nothing is connected."""
    connected = [i for i, out in enumerate(outs) if out is not None and out.requires_grad]
    if not connected:
        return (None,) * len(xs)
    return grad(
        [outs[i] for i in connected],
        xs,
        None if vs is None else [vs[i] for i in connected],
        retain_graph=retain_graph,
        create_graph=create_graph,
        allow_unused=True,
    )


def _transposed(
    products: Any, us: Tensors, vs: Tensors | None, strict: bool, create_graph: bool
) -> Tensors:
    """From u @ J, which is linear in u, its derivative along v: J @ v."""
    if strict:
        for i, product in enumerate(products):
            if product is None:
                raise errors.functional.independent(i)
    return _filled(_grads(products, us, vs, create_graph), us, strict, create_graph)


def _filled(gradients: Any, xs: Tensors, strict: bool, create_graph: bool) -> Tensors:
    """The gradients, with zeros where a result does not depend on an input."""
    for i, g in enumerate(gradients):
        if strict and g is None:
            raise errors.functional.independent(i)
        if strict and create_graph and not g.requires_grad:
            raise errors.functional.constant_derivative(i)
    return tuple(zeros_like(x) if g is None else g for g, x in zip(gradients, xs, strict=True))


def _number(out: Any, name: str) -> Tensor:
    """What a function that should return a single number returned, checked."""
    outs, alone = _tuple(out, f"outputs of the user-provided function given to {name}")
    if not alone or outs[0].numel() != 1:
        raise errors.functional.not_a_single_number(name)
    return outs[0].reshape(())


def _tuple(x: Any, what: str) -> tuple[Tensors, bool]:
    """As a tuple of tensors, and whether it was a single one."""
    xs = x if isinstance(x, tuple) else (x,)
    for each in xs:
        if not isinstance(each, Tensor):
            raise errors.functional.not_a_tensor(what, type(each).__name__)
    return xs, not isinstance(x, tuple)


def _given(xs: Tensors, alone: bool, create_graph: bool) -> Any:
    """What to give back: cut from the graph unless it was asked for, and alone or as a tuple."""
    xs = xs if create_graph else tuple(x.detach() for x in xs)
    return xs[0] if alone else xs


def _only_reverse(strategy: str) -> None:
    if strategy != "reverse-mode":
        raise errors.functional.no_such_strategy(strategy)
