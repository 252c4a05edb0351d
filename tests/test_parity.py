"""Every op case in PyTorch: values, dtypes, gradients, second derivatives, names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.op import OPS
from tests.cases import CASES, Case
from tests.mistakes import MISTAKES, Mistake

pytestmark = pytest.mark.parity

TOLERANCE = {
    "float64": {"rtol": 1e-10, "atol": 1e-12},
    "float32": {"rtol": 1e-4, "atol": 1e-5},
}


def dtype_name(x: Any) -> str:
    return str(x.dtype).rpartition(".")[2]


def array(x: Any) -> np.ndarray:
    return x.detach().numpy() if isinstance(x, ad.Tensor) else x.detach().numpy(force=True)


def assert_same(ours: Any, theirs: Any, dtype: str) -> None:
    assert dtype_name(ours) == dtype_name(theirs)
    assert tuple(ours.shape) == tuple(theirs.shape)
    np.testing.assert_allclose(array(ours), array(theirs), **TOLERANCE[dtype])


def total_square(gradients: Any) -> Any:
    return sum((g * g).sum() for g in gradients)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_op(case: Case, dtype: str) -> None:
    torch = pytest.importorskip("torch")
    ours = [ad.tensor(x, requires_grad=True) for x in case.inputs(dtype)]
    theirs = [torch.tensor(x, requires_grad=True) for x in case.inputs(dtype)]
    out, expected = case.call(ad, *ours), (case.torch or case.call)(torch, *theirs)
    assert_same(out, expected, dtype)
    assert out.requires_grad == expected.requires_grad
    if not out.requires_grad:
        return

    v = np.random.default_rng(0).standard_normal(out.shape).astype(out.numpy(force=True).dtype)
    first = ad.autograd.grad(out, ours, ad.tensor(v), create_graph=True)
    wanted = torch.autograd.grad(expected, theirs, torch.tensor(v), create_graph=True)
    for g, t in zip(first, wanted, strict=True):
        assert_same(g, t, dtype)

    square, wanted_square = total_square(first), total_square(wanted)
    if not (square.requires_grad and wanted_square.requires_grad):
        return
    second = ad.autograd.grad(square, ours, allow_unused=True)
    wanted_second = torch.autograd.grad(wanted_square, theirs, allow_unused=True)
    for x, g, t in zip(ours, second, wanted_second, strict=True):
        zeros = np.zeros(x.shape)
        np.testing.assert_allclose(
            zeros if g is None else array(g),
            zeros if t is None else array(t),
            **TOLERANCE[dtype],
        )


# -- ties, kinks and edges ----------------------------------------------------------------------


def with_torch(program: Any) -> tuple[list[Any], list[Any]]:
    """The tensors that a program returns, as lists, here and in PyTorch."""
    torch = pytest.importorskip("torch")
    return [x.tolist() for x in program(ad)], [x.tolist() for x in program(torch)]


def gradient(m: Any, f: Any, *values: Any) -> list[Any]:
    xs = [m.tensor(v, requires_grad=True) for v in values]
    out = f(*xs)
    out.backward(m.ones_like(out))
    return [out.detach(), *(x.grad for x in xs)]


TIED = [[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]
EDGES = {
    "max of all": (lambda x: x.max(), TIED),
    "min of all": (lambda x: x.min(), TIED),
    "amax": (lambda x: x.amax(1), TIED),
    "amin over two dims": (lambda x: x.amin((0, 1)), TIED),
    "max along": (lambda x: x.max(1).values, TIED),
    "min along": (lambda x: x.min(0, keepdim=True).values, TIED),
    "maximum": (lambda x, y: x.maximum(y), [1.0, 2.0], [1.0, 3.0]),
    "minimum": (lambda x, y: x.minimum(y), [1.0, 2.0], [1.0, 3.0]),
    "relu at 0": (lambda x: x.relu(), [-1.0, 0.0, 1.0]),
    "abs at 0": (lambda x: x.abs(), [-1.0, 0.0, 1.0]),
    "sign": (lambda x: x.sign(), [-1.0, 0.0, 1.0]),
    "clamp at its limits": (lambda x: x.clamp(0.0, 1.0), [-1.0, 0.0, 0.5, 1.0, 2.0]),
    "clamp with limits crossed": (lambda x: x.clamp(1.0, 0.0), [-1.0, 0.5, 2.0]),
    "0 to the power": (lambda x: x**2, [0.0]),
    "0 to the 0": (lambda x: x**0, [0.0, 2.0]),
    "power of 0 by tensor": (lambda x, y: x**y, [0.0, 0.0, 2.0], [0.0, 2.0, 0.0]),
    "root": (lambda x: x**0.5, [0.0, 4.0]),
    "sqrt at 0": (lambda x: x.sqrt(), [0.0]),
    "log at 0": (lambda x: x.log(), [0.0, 1.0]),
    "1/0": (lambda x: 1 / x, [0.0, -0.0]),
    "sigmoid far out": (lambda x: x.sigmoid(), [-200.0, 200.0]),
    "tanh far out": (lambda x: x.tanh(), [-200.0, 200.0]),
    "exp overflows": (lambda x: x.exp(), [1000.0, -1000.0]),
    "sum of nothing": (lambda x: x.sum(), [[], []]),
    "mean of nothing": (lambda x: x.mean(), []),
    "index repeated": (lambda x: x[[0, 0, 1]] * x[[1, 1, 1]], [2.0, 3.0]),
    "expand and add": (lambda x, y: x.expand(2, 3) + y, [[1.0], [2.0]], [1.0, 2.0, 3.0]),
    "squeeze and unsqueeze": (lambda x: x.unsqueeze(-1).squeeze() * 2, [[1.0, 2.0]]),
}


@pytest.mark.parametrize("name", EDGES)
def test_edge(name: str) -> None:
    f, *values = EDGES[name]
    ours, theirs = with_torch(lambda m: gradient(m, f, *values))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


# -- mistakes -----------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_the_exception_type(mistake: Mistake) -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(mistake.kind) as caught:
        mistake.program(torch)
    assert caught.type is mistake.kind


# -- names --------------------------------------------------------------------------------------

# Ops that PyTorch splits or merges differently have names of their own here.
OWN_NAMES = {
    "Fill-2x3", "CopySlices-2x3-3-all",
    "ClampMin-2x3-3-clamp", "ClampMax-2x3-3-clamp",  # one op for all clamps there
    "Var-3x4-m", "Std-3x4-m",  # two results of one node there
    "Matmul-2x1x3x4-3x4x2-batch",  # one product here; there expand, reshape, bmm, view
    "Matmul-4-4x2-row",  # SqueezeBackward4 there: it squeezes in place
    "ScatterMultiply-2x4",  # has no gradient there
    "SpreadWindows-1x2x2x2",  # written as padding there
}  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in CASES
        if OPS[case.op].differentiable
        and case.id not in OWN_NAMES
        # These are modes of the division in PyTorch, and what starts with a number is turned round.
        and case.op not in ("FloorDivide", "TruncDivide")
        and (case.op, case.note) not in (("Sub", "from number"), ("Div", "of number"))
    ],
    ids=lambda case: case.id,
)
def test_grad_fn_name(case: Case) -> None:
    torch = pytest.importorskip("torch")
    ours = [ad.tensor(x, requires_grad=True) for x in case.inputs("float64")]
    theirs = [torch.tensor(x, requires_grad=True) for x in case.inputs("float64")]
    name = (case.torch or case.call)(torch, *theirs).grad_fn.name()
    assert case.call(ad, *ours).grad_fn.name() == name.removeprefix("torch::autograd::")
