"""Factors of matrices on the GPU: what the few regular matrices of the op table leave out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

SHAPES = [(1, 1), (5, 5), (7, 2), (2, 6), (2, 3, 4), (2, 0, 3), (3, 0), (0, 2, 2)]


def matrices(kind: str, shape: tuple[int, ...]) -> np.ndarray:
    x = np.random.default_rng(0).standard_normal(shape)
    if kind == "rank 1":
        return x[..., :1] * x[..., :1, :]
    if kind == "zero":
        return x * 0
    if kind == "equal values":
        return np.broadcast_to(3 * np.eye(*shape[-2:]), shape).copy()
    return x


def on_gpu(x: np.ndarray) -> ad.Tensor:
    return ad.tensor(x, device="cuda")


def host(*tensors: Any) -> list[np.ndarray]:
    return [x.cpu().numpy() for x in tensors]


def close(x: Any, y: Any, tolerance: float = 1e-12) -> None:
    np.testing.assert_allclose(x, y, atol=tolerance, rtol=tolerance)


def check_orthonormal(columns: np.ndarray) -> None:
    product = columns.mT @ columns
    close(product, np.broadcast_to(np.eye(columns.shape[-1]), product.shape))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", ["random", "rank 1", "zero", "equal values"])
def test_orthogonal_factors(kind: str, shape: tuple[int, ...]) -> None:
    x = matrices(kind, shape)
    for full in (True, False):
        u, s, vh = host(*ad.linalg.svd(on_gpu(x), full_matrices=full))
        expected = np.linalg.svd(x, full_matrices=full)
        assert (u.shape, vh.shape) == (expected[0].shape, expected[2].shape)
        close(s, expected[1])
        close((u[..., : s.shape[-1]] * s[..., None, :]) @ vh[..., : s.shape[-1], :], x)
        check_orthonormal(u)
        check_orthonormal(vh.mT)
        q, r = host(*ad.linalg.qr(on_gpu(x), "complete" if full else "reduced"))
        close(q @ r, x)
        check_orthonormal(q)
        if kind != "rank 1":  # where rounding does not decide about the signs, they are LAPACK's
            close(r, np.linalg.qr(x, "complete" if full else "reduced")[1])


@pytest.mark.parametrize("triangle", ["L", "U"])
@pytest.mark.parametrize("shape", [(1, 1), (6, 6), (2, 5, 5), (0, 0), (0, 2, 2)], ids=str)
def test_eigenvectors(shape: tuple[int, ...], triangle: str) -> None:
    x = matrices("random", shape)
    values, vectors = host(*ad.linalg.eigh(on_gpu(x), triangle))
    close(values, np.linalg.eigvalsh(x, triangle))
    check_orthonormal(vectors)
    half = np.tril(x) if triangle == "L" else np.triu(x)
    symmetric = half + half.mT - half * np.eye(shape[-1])
    close(symmetric @ vectors, vectors * values[..., None, :])


@pytest.mark.parametrize("shape", [(1, 1), (6, 6), (2, 5, 5), (0, 0), (0, 2, 2)], ids=str)
def test_triangular_factors(shape: tuple[int, ...]) -> None:
    x = matrices("random", shape)
    sign, logarithm = host(*ad.linalg.slogdet(on_gpu(x)))
    expected = np.linalg.slogdet(x)
    close(sign, expected[0])
    close(logarithm, expected[1])
    close(*host(ad.linalg.det(on_gpu(x))), np.linalg.det(x))
    close(*host(ad.linalg.inv(on_gpu(x))), np.linalg.inv(x), 1e-10)
    y = np.ones((3, 1, shape[-1], 2))
    close(*host(ad.linalg.solve(on_gpu(x), on_gpu(y))), np.linalg.solve(x, y), 1e-10)


@pytest.mark.parametrize("size", [1e30, 1e-30])
def test_large_and_small_numbers_neither_overflow_nor_vanish(size: float) -> None:
    x = (matrices("random", (4, 4)) * size).astype(np.float32)
    close(host(ad.linalg.svdvals(on_gpu(x)))[0] / size, np.linalg.svd(x)[1] / size, 1e-5)
    close(host(ad.linalg.qr(on_gpu(x)).R)[0] / size, np.linalg.qr(x)[1] / size, 1e-5)
    close(host(ad.linalg.eigvalsh(on_gpu(x)))[0] / size, np.linalg.eigvalsh(x) / size, 1e-5)


def test_matrices_without_an_inverse() -> None:
    x = matrices("rank 1", (4, 3))
    close(*host(ad.linalg.pinv(on_gpu(x))), np.linalg.pinv(x))
    assert ad.linalg.matrix_rank(on_gpu(x)).item() == 1
    square = x.T @ x
    close(*host(ad.linalg.pinv(on_gpu(square), hermitian=True)), np.linalg.pinv(square))
    assert ad.linalg.matrix_rank(on_gpu(square), hermitian=True).item() == 1
    regular, y = matrices("random", (4, 3)), matrices("random", (4, 2))
    fit = ad.linalg.lstsq(on_gpu(regular), on_gpu(y))
    expected = np.linalg.lstsq(regular, y)
    close(*host(fit.solution), expected[0])
    close(*host(fit.residuals), expected[1])
    assert fit.rank.item() == 3


@pytest.mark.parametrize("compute", [ad.linalg.inv, lambda x: ad.linalg.solve(x, x)])
def test_a_singular_matrix_of_a_stack_is_an_error(compute: Any) -> None:
    x = np.stack([np.eye(3), np.ones((3, 3))])
    with pytest.raises(ad.linalg.LinAlgError, match="singular"):
        compute(on_gpu(x))
    close(*host(ad.linalg.det(on_gpu(x))), [1, 0])
    close(*host(ad.linalg.slogdet(on_gpu(x))[1]), [0, -np.inf])


def test_a_matrix_that_is_not_positive_definite_is_an_error() -> None:
    for x in (np.array([[1.0, 2.0], [2.0, 1.0]]), np.full((2, 2), np.nan)):
        with pytest.raises(ad.linalg.LinAlgError, match="not positive-definite"):
            ad.linalg.cholesky(on_gpu(x))


def test_too_large_a_matrix_is_refused_and_a_long_one_is_not() -> None:
    from autodiff.backends.cuda import matrices as module

    most = module.MOST_COLUMNS + 1
    with pytest.raises(RuntimeError, match=r"\(1025, 1025\) is too large for the GPU's kernels"):
        ad.linalg.det(ad.zeros(most, most, device="cuda"))
    assert ad.linalg.qr(ad.ones(most, 1, device="cuda")).R.shape == (1, 1)


def test_factors_of_two_devices_are_not_mixed() -> None:
    with pytest.raises(RuntimeError, match="found at least two devices, cuda:0 and cpu"):
        ad.linalg.solve(ad.eye(2, device="cuda"), ad.ones(2, 1))
    with pytest.raises(RuntimeError, match="found at least two devices, cuda:0 and cpu"):
        ad.linalg.solve(ad.eye(2), ad.ones(2, 1, device="cuda"))
