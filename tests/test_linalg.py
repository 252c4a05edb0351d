"""Linear algebra where PyTorch is not needed to say what is right."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad

SINGULAR = [[1.0, 2.0], [2.0, 4.0]]


@pytest.mark.parametrize(
    "program",
    [
        lambda x: ad.linalg.inv(x),
        lambda x: ad.linalg.solve(x, ad.ones(2)),
        lambda x: ad.linalg.cholesky(-ad.eye(2)),
        lambda x: ad.linalg.det(x).backward(),
        lambda x: ad.linalg.svd(x * float("nan")),
        lambda x: ad.linalg.eigh(x * float("nan")),
        lambda x: ad.linalg.pinv(x * float("inf")),
        lambda x: ad.linalg.matrix_rank(x * float("nan")),
    ],
)
def test_what_cannot_be_done_is_a_linalg_error(program) -> None:
    with pytest.raises(ad.linalg.LinAlgError, match="linalg"):
        program(ad.tensor(SINGULAR, requires_grad=True))
    assert issubclass(ad.linalg.LinAlgError, RuntimeError)


@pytest.mark.parametrize("compute", [ad.linalg.inv, ad.linalg.qr, ad.linalg.svd, ad.linalg.pinv])
def test_half_precision_is_refused(compute) -> None:
    with pytest.raises(
        RuntimeError, match=r"low precision dtypes are not supported. Got .*float16"
    ):
        compute(ad.eye(2, dtype=ad.float16))


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4), (2, 3, 5)])
def test_factors_multiply_to_the_matrix(shape) -> None:
    x = ad.randn(*shape, dtype=ad.float64, generator=ad.Generator().manual_seed(0))
    u, s, vt = ad.linalg.svd(x, full_matrices=False)
    q, r = ad.linalg.qr(x)
    for product in (u @ s.diag_embed() @ vt, q @ r):
        np.testing.assert_allclose(product.value, x.value, atol=1e-12)
    full = ad.linalg.svd(x)
    assert full.U.shape[-1] == shape[-2]
    assert full.Vh.shape[-1] == shape[-1]


def test_multi_dot_takes_the_order_of_the_least_work() -> None:
    """(a b) c takes 2 * 10 * 100 multiplications per row of a here, a (b c) takes 50,500."""
    a, b, c = (ad.ones(n, m, requires_grad=True) for n, m in [(1, 10), (10, 100), (100, 50)])
    out = ad.linalg.multi_dot([a, b, c])
    first = out.grad_fn.next_functions[0][0]
    assert first.name() == "MmBackward0"
    assert [f.name() for f, _ in first.next_functions] == ["AccumulateGrad", "AccumulateGrad"]
    np.testing.assert_allclose(out.tolist(), [[1000.0] * 50])


def test_einsum_equals_numpy() -> None:
    rng = np.random.default_rng(0)
    for equation, shapes in {
        "abc,cd,bd->ab": [(2, 3, 4), (4, 5), (3, 5)],
        "...ij,...jk->...ik": [(2, 1, 3, 4), (5, 4, 2)],
        "iij,j->i": [(3, 3, 4), (4,)],
        "ab,cd->acbd": [(2, 3), (4, 5)],
    }.items():
        arrays = [rng.standard_normal(shape) for shape in shapes]
        ours = ad.einsum(equation, *(ad.from_numpy(a) for a in arrays))
        np.testing.assert_allclose(ours.value, np.einsum(equation, *arrays), rtol=1e-12)
