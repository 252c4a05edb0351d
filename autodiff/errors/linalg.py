"""Mistakes in products of matrices and in linear algebra."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


class LinAlgError(RuntimeError):
    """A matrix that the computation cannot be done with: singular, or not positive-definite.

    >>> import autodiff as ad
    >>> try:
    ...     ad.linalg.inv(ad.zeros(2, 2))
    ... except ad.linalg.LinAlgError as error:
    ...     print(str(error).splitlines()[0])
    linalg.inv: the matrix is singular (its determinant is 0), so there is no inverse.
    """


def singular(name: str) -> Exception:
    return teach(
        LinAlgError,
        f"linalg.{name}: the matrix is singular (its determinant is 0), so there is no inverse.",
        fix="look for rows that are multiples of each other; use pinv() or lstsq() for a best fit.",
    )


def not_positive_definite() -> Exception:
    return teach(
        LinAlgError,
        "linalg.cholesky: the input is not positive-definite.",
        why="only matrices with positive eigenvalues are L @ L.mT for a real triangle L.",
        fix="for a matrix x @ x.mT, add a small multiple of the identity.",
    )


def did_not_converge(name: str) -> Exception:
    return teach(
        LinAlgError,
        f"linalg.{name}: the algorithm failed to converge.",
        fix="look for nan or inf in the input.",
    )


def not_square(name: str, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: the matrices must be square, but the input has shape {shown(shape)}.",
        why="the last two dimensions are rows and columns, and there must be as many of both.",
        fix="use pinv() or lstsq() for other shapes.",
    )


def needs_matrix(name: str, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: the input must have at least 2 dimensions, but has shape {shown(shape)}.",
    )


def needs_floats(name: str, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: expected a floating-point tensor, but got {dtype}.",
        fix="convert it with x.float().",
    )


def low_precision(name: str, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: low precision dtypes are not supported. Got {dtype}.",
        why="errors add up in a factorisation, and 11 bits leave no room for them.",
        fix="convert it with x.float().",
    )


def wrong_shapes(name: str, *shapes: Any) -> Exception:
    return teach(
        RuntimeError, f"{name}: the shapes {', '.join(map(shown, shapes))} do not fit together."
    )


def cross_size(shape: Any, dim: int) -> Exception:
    return teach(
        RuntimeError,
        f"linalg.cross: dimension {dim} of shape {shown(shape)} must have size 3.",
        why="the cross product is defined for vectors in space.",
    )


def einsum(message: str) -> Exception:
    return teach(
        RuntimeError,
        f"einsum(): {message}",
        why="the equation names each dimension of each operand by a letter, as in 'ij,jk->ik'; a "
        "letter stands for one size everywhere.",
    )


def norm_order(order: Any) -> Exception:
    return teach(
        RuntimeError,
        f"linalg.matrix_norm: order {order!r} is not supported.",
        fix='use "fro", "nuc", inf, -inf, 1, -1, 2 or -2.',
    )


def unknown_mode(name: str, mode: Any) -> Exception:
    return teach(RuntimeError, f"{name}: there is no mode {mode!r}.")


def product_of_bools() -> Exception:
    return teach(
        NotImplementedError,
        "matrix products of truth values are not defined.",
        fix="convert them with x.int() or x.float().",
    )


def vectors_only(name: str, shape: Any) -> Exception:
    return teach(RuntimeError, f"{name}: expected 1-D tensors, but got shape {shown(shape)}.")


def contraction(message: str) -> Exception:
    return teach(RuntimeError, f"tensordot: {message}")


def too_few_matrices(count: int) -> Exception:
    return teach(RuntimeError, f"multi_dot: expected at least 2 tensors but got {count}.")


def no_complete_qr_gradient() -> Exception:
    return teach(
        RuntimeError,
        "linalg.qr with mode='complete' has no gradient for more rows than columns.",
        why="the vectors that complete Q are not unique.",
        fix="use mode='reduced', or compute it under no_grad().",
    )


def norm_without_dim(shape: Any) -> Exception:
    return teach(
        RuntimeError,
        "linalg.norm: if dim is not given but ord is, the input must be 1D or 2D, but it has "
        f"shape {shown(shape)}.",
        fix="say with dim which dimensions hold the vector or the matrix.",
    )


def too_many_components(count: int, shape: Any) -> Exception:
    return teach(
        ValueError,
        f"q(={count}) must be non-negative and not greater than min(m, n)={min(shape[-2:])}.",
        why="a matrix has as many components as its smaller size, at most.",
        lesson="tensors",
    )


def matmul_shapes(x: Any, y: Any) -> Exception:
    if not len(x) or not len(y):
        what = f"both arguments to matmul need to be at least 1D, got {shown(x)} and {shown(y)}."
        return teach(RuntimeError, what, fix="use * for single numbers.", lesson="tensors")
    inner = f"{x[-1]} (last of the first)", f"{y[-2 if len(y) > 1 else 0]} (of the second)"
    return teach(
        RuntimeError,
        f"mat1 and mat2 shapes cannot be multiplied ({shown(x)} and {shown(y)}): the inner "
        f"dimensions {inner[0]} and {inner[1]} must be equal, and batch dimensions must broadcast.",
        why="each row of the first is multiplied with each column of the second.",
        fix="transpose one of them (x.T), or check which dimension holds the features.",
        lesson="tensors",
    )


def matmul_dtypes(x: Any, y: Any) -> Exception:
    return teach(
        RuntimeError,
        f"expected both matrices to have the same dtype, but got {x} and {y}.",
        fix="convert one, as in y.to(x.dtype).",
        lesson="tensors",
    )


def linear_shapes(x: Any, weight: Any) -> Exception:
    return teach(
        RuntimeError,
        f"mat1 and mat2 shapes cannot be multiplied: a linear layer of {weight[1]} input features "
        f"got an input of shape {shown(x)}, whose last dimension is {x[-1] if x else 'missing'}.",
        why=f"its weight has shape {shown(weight)}: (out_features, in_features).",
        fix="flatten the input (nn.Flatten), or make the layer for the size that arrives.",
    )


def layer_dtypes(name: str, x: Any, weight: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: input and weight must have the same dtype, but got {x} and {weight}.",
        why="NumPy computes in float64, autodiff in float32 unless told otherwise.",
        fix="x.float() for the input, or model.double() for the weights.",
    )


def not_a_matrix(name: str, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() expects a matrix, but got a tensor of shape {shown(shape)}.",
        fix="use transpose(dim0, dim1) or matmul for other shapes.",
        lesson="tensors",
    )


def not_a_vector(name: str, shape: Any, fix: str = "use matmul (@) for other shapes.") -> Exception:
    return teach(
        RuntimeError,
        f"{name}() expects 1D tensors, but got a tensor of shape {shown(shape)}.",
        fix=fix,
        lesson="tensors",
    )


def vector_or_matrix(name: str, shape: Any, fix: str) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() supports 1D or 2D tensors, but got shape {shown(shape)}.",
        fix=fix,
        lesson="tensors",
    )
