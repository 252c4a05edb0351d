"""Running one program here and in PyTorch, and comparing all that it gives."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import autodiff as ad

LAYOUTS = ["in order", "transposed", "expanded"]
DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]

ROWS = [[0.5, -1.5, 2.0, 0.25], [1.0, 3.0, -0.75, 1.25], [-2.0, 0.125, 1.75, -0.5]]


def variables(m: Any, layout: str = "in order", dtype: str | None = None) -> dict[str, Any]:
    """The names that programs use; those of the first line are leaves or made from leaves."""
    wanted = getattr(m, dtype or "float64")
    grad = wanted.is_floating_point

    def leaf(data: Any) -> Any:
        return m.tensor(np.asarray(data)).to(wanted).requires_grad_(grad)

    flat = np.linspace(-1.5, 2.0, 24).reshape(2, 3, 4)
    leaves = {"x": leaf(ROWS), "v": leaf([0.5, -1.0, 2.0, 1.5]), "z": leaf(flat)}
    x, v, z = leaves.values()
    if layout == "transposed":
        leaves["x"] = leaf(np.array(ROWS).T.copy())
        leaves["z"] = leaf(flat.swapaxes(0, 2).copy())
        x, z = leaves["x"].t(), leaves["z"].transpose(0, 2)
    elif layout == "expanded":
        leaves["x"], leaves["z"] = leaf(ROWS[1]), leaf(flat[:, :1])
        x, z = leaves["x"].expand(3, 4), leaves["z"].expand(2, 3, 4)
    return {
        "m": m, "L": m.tensor, "x": x, "v": v, "z": z, "leaves": list(leaves.values()),
        "one": m.ones(1, 3, 1), "s": m.tensor(1.5), "xi": m.arange(12).reshape(3, 4),
        "xf": m.arange(12.0).reshape(3, 4), "i": m.tensor([0, 2, 2]),
        "mask": m.tensor(np.array(ROWS) > 0.3), "sq": m.arange(1, 10.0).reshape(3, 3),
        "b": m.ones(2, 3, 3), "inf": float("inf"), "F": float,
    }  # fmt: skip


def array(x: Any) -> np.ndarray:
    return x.detach().numpy(force=True)


def described(out: Any) -> Any:
    """What a program gives, in plain Python: comparable between the two libraries."""
    if isinstance(out, (ad.dtype,)) or type(out).__name__ == "dtype":
        return str(out).rpartition(".")[2]
    if hasattr(out, "detach"):
        values = array(out)
        return str(out.dtype).rpartition(".")[2], values.shape, values, out.requires_grad
    if isinstance(out, (tuple, list)):
        return tuple(described(part) for part in out)
    return out


def outcome(m: Any, program: str, names: dict[str, Any]) -> tuple[Any, str | None]:
    """The result, or the type of the exception."""
    code = compile(program, program, "eval")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return eval(code, dict(names)), None
        except Exception as error:
            return None, type(error).__name__.removeprefix("_")


def tensors_in(out: Any) -> list[Any]:
    if hasattr(out, "detach"):
        return [out]
    return [x for part in out for x in tensors_in(part)] if isinstance(out, (tuple, list)) else []


def assert_same(ours: Any, theirs: Any, rtol: float) -> None:
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs, strict=True):
            assert_same(a, b, rtol)
    elif isinstance(theirs, np.ndarray):
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=rtol)
    else:
        assert ours == theirs


def total(m: Any, outs: list[Any]) -> Any:
    """One number that depends on each element of the results differently."""
    weighted = []
    for out in outs:
        weights = np.cos(np.arange(out.numel())).reshape(out.shape)
        weighted.append((out * m.tensor(weights, dtype=out.dtype)).sum())
    return sum(weighted)


def gradients(m: Any, outs: list[Any], leaves: list[Any]) -> list[Any]:
    """First and second derivatives of the total with respect to the leaves."""
    first = m.autograd.grad(total(m, outs), leaves, create_graph=True, allow_unused=True)
    squares = sum((g * g).sum() for g in first if g is not None)
    if not getattr(squares, "requires_grad", False):
        return [*first]
    second = m.autograd.grad(squares, leaves, allow_unused=True)
    return [*first, *second]


def assert_same_program(
    program: str,
    layout: str = "in order",
    dtype: str | None = None,
    derivatives: bool = True,
) -> None:
    """The program gives the same here and in PyTorch, derivatives included."""
    torch = pytest.importorskip("torch")
    ours, theirs = variables(ad, layout, dtype), variables(torch, layout, dtype)
    (out, error), (expected, expected_error) = (
        outcome(ad, program, ours),
        outcome(torch, program, theirs),
    )
    assert error == expected_error
    rtol = {"float16": 1e-2, "float32": 1e-5}.get(dtype or "", 1e-6)
    assert_same(described(out), described(expected), rtol)
    wanted = [t for t in tensors_in(expected) if t.requires_grad]
    if not wanted or not derivatives:
        return
    found = gradients(ad, [t for t in tensors_in(out) if t.requires_grad], ours["leaves"])
    for g, t in zip(found, gradients(torch, wanted, theirs["leaves"]), strict=True):
        if g is None or t is None:
            # No gradient and a gradient of zeros mean the same.
            some = g if t is None else t
            assert some is None or not array(some).any()
        else:
            np.testing.assert_allclose(
                g.detach().numpy(force=True),
                t.detach().numpy(force=True),
                rtol=max(rtol, 1e-6),
                atol=max(rtol, 1e-8),
            )
