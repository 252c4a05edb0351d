"""Jacobians, Hessians and their products: against each other, and against PyTorch's."""

from __future__ import annotations

from typing import Any

import pytest

import autodiff as ad
from tests.autograd.programs import same_failure, same_result

X, Y = [0.5, -1.0, 2.0], [1.5, 0.25, -0.75]


def pair(m: Any) -> Any:
    return m.tensor(X, dtype=m.float64), m.tensor(Y, dtype=m.float64)


def mixed(x: Any, y: Any) -> Any:
    return (x * y.exp()).sum(), x * x * y


def energy(x: Any, y: Any) -> Any:
    return (x.sin() * y * y).sum() + (x[0] * y[1]) ** 2


def products(m: Any) -> Any:
    f, (x, y) = m.autograd.functional, pair(m)
    u = (m.tensor(2.0, dtype=m.float64), m.tensor([1.0, 2.0, 3.0], dtype=m.float64))
    return (
        f.vjp(mixed, (x, y), u),
        f.jvp(mixed, (x, y), (y, x)),
        f.vhp(energy, (x, y), (y, x)),
        f.hvp(energy, (x, y), (y, x)),
        f.vjp(lambda x: (x**3).sum(), x),
        f.jvp(lambda x: x * y, m.tensor(2.0, dtype=m.float64)),
    )


def matrices(m: Any) -> Any:
    f, (x, y) = m.autograd.functional, pair(m)
    return (
        f.jacobian(mixed, (x, y)),
        f.jacobian(lambda x: x.reshape(3, 1) * y, x),
        f.jacobian(lambda x: (x.sum(), x), x),
        f.jacobian(lambda x, y: x * 2, (x, y)),
        f.jacobian(lambda x: m.ones(2), x),
        f.hessian(energy, (x, y)),
        f.hessian(lambda x: (x**3).sum(), x),
        f.hessian(lambda x: x.sum(), x),
        f.jacobian(lambda x: x * 2, x, vectorize=True),
    )


def recorded(m: Any) -> Any:
    f, (x, y) = m.autograd.functional, pair(m)
    x.requires_grad_()
    results = []
    for g in (
        f.jacobian(lambda x: x**3, x, create_graph=True).sum(),
        f.hessian(lambda x: (x**4).sum(), x, create_graph=True).sum(),
        f.vjp(lambda x: x**3, x, y, create_graph=True)[1].sum(),
        f.jvp(lambda x: x**3, x, y, create_graph=True)[1].sum(),
        f.vhp(lambda x: (x**4).sum(), x, y, create_graph=True)[1].sum(),
        f.hvp(lambda x: (x**4).sum(), x, y, create_graph=True)[1].sum(),
    ):
        results.append((g.requires_grad, m.autograd.grad(g, x)))
    plain = f.jacobian(lambda x: x**3, x)
    return results, plain.requires_grad, x.grad is None


FAILURES = {
    "no vector": lambda m: m.autograd.functional.vjp(lambda x: x * 2, m.ones(2)),
    "no vector, forward": lambda m: m.autograd.functional.jvp(lambda x: x * 2, m.ones(2)),
    "vector of another shape": lambda m: m.autograd.functional.vjp(
        lambda x: x * 2, (m.ones(2),), m.ones(3)
    ),
    "too many vectors": lambda m: m.autograd.functional.vjp(
        lambda x: (x * 2, x), m.ones(2), (m.ones(2),) * 3
    ),
    "input is a number": lambda m: m.autograd.functional.jacobian(lambda x: x * 2, 3.0),
    "output is a number": lambda m: m.autograd.functional.jacobian(lambda x: 3.0, m.ones(2)),
    "hessian of many": lambda m: m.autograd.functional.hessian(lambda x: x * 2, m.ones(2)),
    "hvp of many": lambda m: m.autograd.functional.hvp(lambda x: x * 2, m.ones(2), m.ones(2)),
    "strict, constant": lambda m: m.autograd.functional.vjp(
        lambda x: m.ones(()), m.ones(2), strict=True
    ),
    "strict, independent": lambda m: m.autograd.functional.jacobian(
        lambda x, y: x * 2, (m.ones(2), m.ones(2)), strict=True
    ),
    "strict, linear": lambda m: m.autograd.functional.jacobian(
        lambda x: x * 2, m.ones(2).requires_grad_(), create_graph=True, strict=True
    ),
}


@pytest.mark.parity
@pytest.mark.parametrize("program", [products, matrices, recorded], ids=lambda p: p.__name__)
def test_program(program: Any) -> None:
    same_result(program)


@pytest.mark.parity
@pytest.mark.parametrize("name", FAILURES)
def test_failure(name: str) -> None:
    same_failure(FAILURES[name])


def test_products_are_those_of_the_matrices() -> None:
    f, (x, y) = ad.autograd.functional, pair(ad)
    jacobian = f.jacobian(lambda x: x.sin() * x.sum(), x)
    assert f.vjp(lambda x: x.sin() * x.sum(), x, y)[1].tolist() == pytest.approx(
        (y @ jacobian).tolist()
    )
    assert f.jvp(lambda x: x.sin() * x.sum(), x, y)[1].tolist() == pytest.approx(
        (jacobian @ y).tolist()
    )
    hessian = f.hessian(lambda x: (x.sin() * x.sum()).sum(), x)
    assert ad.allclose(hessian, hessian.T)
    for product in (f.vhp, f.hvp):
        assert product(lambda x: (x.sin() * x.sum()).sum(), x, y)[1].tolist() == pytest.approx(
            (hessian @ y).tolist()
        )


def test_a_known_hessian() -> None:
    # f = x^2 y has the Hessian ((2y, 2x), (2x, 0)).
    hessian = ad.autograd.functional.hessian(lambda x: x[0] ** 2 * x[1], ad.tensor([3.0, 5.0]))
    assert hessian.tolist() == [[10.0, 6.0], [6.0, 0.0]]


def test_only_reverse_mode() -> None:
    with pytest.raises(NotImplementedError, match="reverse"):
        ad.autograd.functional.jacobian(lambda x: x, ad.ones(1), strategy="forward-mode")


def test_jvp_where_the_gradient_rule_works_in_logarithms() -> None:
    x = ad.tensor(X, dtype=ad.float64)
    v = ad.tensor(Y, dtype=ad.float64)
    jacobian = ad.autograd.functional.jacobian(lambda x: x.logcumsumexp(0), x)
    product = ad.autograd.functional.jvp(lambda x: x.logcumsumexp(0), x, v)[1]
    assert product.tolist() == pytest.approx((jacobian @ v).tolist())
