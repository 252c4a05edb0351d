"""`autodiff.compile` on the GPU: the programs compute what the functions do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff import nn, optim
from autodiff.errors.compiler import NotFollowedError
from autodiff.nn import functional as F  # noqa: N812
from autodiff.op import OPS
from tests.cases import CASES, Case
from tests.cuda.test_op_table import host

VALUES_DECIDE_SHAPES = {"MaskedSelect", "MaskedScatter"}
PART = CASES[::4]
"""Every fourth row: ops from all files of the table."""


def gradients(out: Any, inputs: list[ad.Tensor]) -> list[np.ndarray | None]:
    if out.requires_grad:
        out.backward(ad.ones_like(out.detach()) * 0.5)
    return [host(x.grad) for x in inputs]


@pytest.mark.parametrize("case", PART, ids=lambda case: case.id)
def test_compiled_equals_eager(case: Case, on_cuda: None) -> None:
    smooth = OPS[case.op].differentiable
    compiled = ad.compile(lambda *xs: case.call(ad, *xs))
    for turn in (1, -1):
        arrays = [x.reshape(-1)[::turn].reshape(x.shape).copy() for x in case.inputs("float32")]
        eager = [ad.tensor(x, requires_grad=smooth) for x in arrays]
        ours = [ad.tensor(x, requires_grad=smooth) for x in arrays]
        if case.op in VALUES_DECIDE_SHAPES:
            with pytest.raises(NotFollowedError):
                compiled(*ours)
            return
        expected, found = case.call(ad, *eager), compiled(*ours)
        assert found.is_cuda
        assert found.dtype == expected.dtype
        assert found.requires_grad == expected.requires_grad
        np.testing.assert_allclose(host(found), host(expected), rtol=2e-4, atol=2e-5)
        for g, wanted in zip(gradients(found, ours), gradients(expected, eager), strict=True):
            assert (g is None) == (wanted is None)
            if g is not None and wanted is not None:
                np.testing.assert_allclose(g, wanted, rtol=2e-4, atol=2e-5)


# -- training steps -------------------------------------------------------------------------------


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Dropout(0.2), nn.Linear(5, 3))


def convnet() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(8, 3),
    )  # fmt: skip


STEPS = {
    "mlp-sgd": (mlp, (6, 4), lambda p: optim.SGD(p, lr=0.1, momentum=0.9)),
    "mlp-adam": (mlp, (6, 4), lambda p: optim.AdamW(p, lr=0.01)),
    "convnet": (convnet, (3, 1, 4, 4), lambda p: optim.SGD(p, lr=0.1)),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_compiled_training_step_is_the_eager_one(name: str) -> None:
    make, shape, optimizer_of = STEPS[name]
    target = ad.tensor([0, 2, 1] * (shape[0] // 3), device="cuda")

    def train(how: Any) -> tuple[list[float], list[Any]]:
        ad.manual_seed(0)
        model = make().to("cuda")
        optimizer = optimizer_of(model.parameters())

        def step(x: ad.Tensor) -> ad.Tensor:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), target)
            loss.backward()
            optimizer.step()
            return loss

        run = how(step)
        losses = [run(ad.randn(*shape).to("cuda")).item() for _ in range(4)]
        return losses, [host(p) for p in model.parameters()]

    losses, weights = train(ad.compile)
    expected_losses, expected_weights = train(lambda step: step)
    np.testing.assert_allclose(losses, expected_losses, rtol=1e-4)
    for w, expected in zip(weights, expected_weights, strict=True):
        np.testing.assert_allclose(w, expected, rtol=1e-3, atol=1e-5)


def program() -> tuple[Any, ad.Tensor]:
    """A function whose loop reads broadcast operands, and computes sums of two kinds."""
    row = ad.tensor([1.0, -2.0, 3.0], device="cuda")

    @ad.compile
    def f(x: ad.Tensor, scale: ad.Tensor) -> Any:
        y = ad.where(x > 0, x * row, scale)
        return y, y.sum(), (y * y).mean()

    return f, row


def test_a_loop_broadcasts_and_adds_up_in_several_blocks() -> None:
    f, row = program()
    for seed in (0, 1):
        ad.manual_seed(seed)
        x, scale = ad.randn(20, 3), ad.randn(20, 1)
        y, total, mean = f(x.to("cuda"), scale.to("cuda"))
        expected = ad.where(x > 0, x * row.cpu(), scale)
        np.testing.assert_allclose(host(y), expected.numpy(), rtol=1e-6)
        assert total.item() == pytest.approx(expected.sum().item(), rel=1e-5)
        assert mean.item() == pytest.approx((expected * expected).mean().item(), rel=1e-5)
    assert "blocks=4, threads=2" in f.source
    assert f.source.count("gpu.loop") == 1


def test_arguments_in_another_order_in_memory() -> None:
    f = ad.compile(lambda x: (x * 2).tanh())
    x = ad.randn(3, 4, device="cuda")
    for given in (x, x.T.contiguous().T, ad.randn(4, 3, device="cuda").T):
        np.testing.assert_allclose(host(f(given)), np.tanh(2 * host(given)), rtol=1e-6)


def test_other_shapes_and_devices_are_recorded_anew() -> None:
    f = ad.compile(lambda x: (x + 1).exp())
    for x in (ad.ones(2, device="cuda"), ad.ones(3, device="cuda"), ad.ones(2)):
        out = f(x)
        assert out.device == x.device
        assert out.shape == x.shape
    assert len(f.entries) == 3


def test_random_numbers_are_those_of_the_eager_function() -> None:
    def f(x: ad.Tensor) -> ad.Tensor:
        return F.dropout(x, 0.5) + ad.rand(4, 4, device="cuda")

    x, compiled = ad.ones(4, 4, device="cuda"), ad.compile(f)
    ad.manual_seed(1)
    ours = [host(compiled(x)) for _ in range(3)]
    ad.manual_seed(1)
    for drawn in ours:
        np.testing.assert_array_equal(drawn, host(f(x)))
    ad.manual_seed(1)  # a new seed is a new generator
    np.testing.assert_array_equal(host(compiled(x)), ours[0])


def test_what_a_program_cannot_do() -> None:
    x, y = ad.ones(3, device="cuda"), ad.ones(3)
    with pytest.raises(NotFollowedError, match=r"tensors on cuda:0 and on cpu"):
        ad.compile(lambda a, b: (a * 2, b * 2))(x, y)
    with pytest.raises(NotFollowedError, match="moved a tensor to another device"):
        ad.compile(lambda a: (a * 2).cpu() + y)(x)
    with pytest.raises(NotFollowedError, match=r"asked for item\(\)"):
        ad.compile(lambda a: a * a.sum().item())(x)


def test_an_op_without_a_line_is_named() -> None:
    f = ad.compile(lambda x: x.cumsum(0) * 2)
    x = ad.ones(3, device="cuda")
    f(x)
    assert f(x).tolist() == [2.0, 4.0, 6.0]
    assert "# not fused" in f.source


def test_a_program_can_be_captured() -> None:
    """A compiled step waits for nothing, so that `autodiff.cuda.graph` can take it up."""
    w = ad.ones(3, 2, device="cuda", requires_grad=True)

    @ad.compile
    def step(x: ad.Tensor) -> ad.Tensor:
        w.grad = None
        loss = ((x @ w).tanh() ** 2).mean()
        loss.backward()
        return loss

    x = ad.randn(4, 3, device="cuda")
    step(x)
    graph = ad.cuda.CUDAGraph()
    with ad.cuda.graph(graph):
        loss = step(x)
    grad = w.grad
    for _ in range(2):
        x.copy_(ad.randn(4, 3, device="cuda"))
        graph.replay()
        found, g = loss.item(), host(grad)
        assert step(x).item() == pytest.approx(found, rel=1e-6)
        np.testing.assert_allclose(host(w.grad), g, rtol=1e-6)
