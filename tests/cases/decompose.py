"""Cases of the ops in `autodiff.ops.solve`, `decompose` and `norm`.

Plain matrices are moved away from singular ones, and symmetric ones made positive-definite.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.cases.case import Case


def _regular(m: Any, x: Any) -> Any:
    """A matrix, or each of a stack, moved away from singular ones."""
    return x + 3 * m.eye(x.shape[-1], dtype=x.dtype)


def _regular_array(x: np.ndarray) -> np.ndarray:
    return x + 3 * np.eye(x.shape[-1], dtype=x.dtype)


def _positive(m: Any, x: Any) -> Any:
    """A symmetric, positive-definite matrix with distinct eigenvalues."""
    return x @ x.mT + m.diag(m.arange(1, x.shape[-2] + 1).to(x.dtype))


def _positive_array(x: np.ndarray) -> np.ndarray:
    return x @ x.mT + np.diag(np.arange(1, x.shape[-2] + 1)).astype(x.dtype)


def _squared(x: Any) -> Any:
    """Vectors without their sign, which no decomposition determines."""
    return x * x


def _det(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.det(x), x.dtype)


SQUARES = [((3, 3),), ((2, 3, 3),)]
MATRICES = [((3, 3),), ((4, 3),), ((2, 3, 4),)]

CASES: list[Case] = [
    *(
        Case(op, call, oracle, shapes)
        for shapes in SQUARES
        for op, call, oracle in [
            ("Det", lambda m, x: m.linalg.det(_regular(m, x)), lambda x: _det(_regular_array(x))),
            (
                "Slogdet",
                lambda m, x: m.linalg.slogdet(_regular(m, x))[1],
                lambda x: np.linalg.slogdet(_regular_array(x))[1],
            ),
            (
                "Inv",
                lambda m, x: m.linalg.inv(_regular(m, x)),
                lambda x: np.linalg.inv(_regular_array(x)),
            ),
            (
                "Cholesky",
                lambda m, x: m.linalg.cholesky(_positive(m, x)),
                lambda x: np.linalg.cholesky(_positive_array(x)),
            ),
            (
                "Eigenvalues",
                lambda m, x: m.linalg.eigh(_positive(m, x))[0],
                lambda x: np.linalg.eigh(_positive_array(x))[0],
            ),
        ]
    ),
    *(
        Case(
            "Solve",
            lambda m, x, y: m.linalg.solve(_regular(m, x), y),
            lambda x, y: np.linalg.solve(_regular_array(x), y),
            shapes,
        )
        for shapes in [((3, 3), (3, 2)), ((2, 3, 3), (2, 3, 2)), ((2, 3, 3), (3, 2))]
    ),
    Case(
        "Eigenvectors",
        lambda m, x: _squared(m.linalg.eigh(_positive(m, x))[1]),
        lambda x: _squared(np.linalg.eigh(_positive_array(x))[1]),
        ((3, 3),),
    ),
    *(
        Case(op, call, oracle, shapes)
        for shapes in MATRICES
        for op, call, oracle in [
            (
                "SingularValues",
                lambda m, x: m.linalg.svdvals(x),
                lambda x: np.linalg.svd(x, full_matrices=False)[1],
            ),
            (
                "LeftVectors",
                lambda m, x: _squared(m.linalg.svd(x, full_matrices=False)[0]),
                lambda x: _squared(np.linalg.svd(x, full_matrices=False)[0]),
            ),
            (
                "RightVectors",
                lambda m, x: _squared(m.linalg.svd(x, full_matrices=False)[2]),
                lambda x: _squared(np.linalg.svd(x, full_matrices=False)[2]),
            ),
            ("Pinv", lambda m, x: m.linalg.pinv(x), np.linalg.pinv),
        ]
    ),
    *(
        Case(op, call, oracle, shapes)
        for shapes in [((4, 3),), ((2, 3, 4),)]
        for op, call, oracle in [
            (
                "Orthonormal",
                lambda m, x: _squared(m.linalg.qr(x)[0]),
                lambda x: _squared(np.linalg.qr(x)[0]),
            ),
            (
                "Triangle",
                lambda m, x: _squared(m.linalg.qr(x)[1]),
                lambda x: _squared(np.linalg.qr(x)[1]),
            ),
        ]
    ),
    *(
        Case(
            "VectorNorm",
            lambda m, x, order=order: m.linalg.vector_norm(x, order, dim=-1),
            lambda x, order=order: np.asarray(np.linalg.norm(x, order, axis=-1), x.dtype),
            ((3, 4),),
            note=f"{order:g}",
        )
        for order in (2, 1, 3, 1.5, 0.5, -1.5, np.inf, -np.inf)
    ),
    Case(
        "VectorNorm",
        lambda m, x: m.linalg.vector_norm(x, 2, dim=(0, 2), keepdim=True),
        lambda x: np.sqrt((x * x).sum((0, 2), keepdims=True)),
        ((2, 3, 2),),
        note="two dims",
    ),
    Case(
        "Cross",
        lambda m, x, y: m.linalg.cross(x, y, dim=0),
        lambda x, y: np.cross(x, y, axis=0),
        ((3, 2), (3, 2)),
        ints=True,
    ),
    Case(
        "Cross",
        lambda m, x, y: m.linalg.cross(x, y),
        lambda x, y: np.cross(x, y),
        ((2, 3), (1, 3)),
        note="broadcast",
    ),
]
