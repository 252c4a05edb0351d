"""Containers, hooks, clipping, initialization and other helpers of nn beside PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.nn.beside import array, assert_close, copy_weights, numbers

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.parity


def test_containers() -> None:
    def make(m: Any) -> Any:
        class Model(m.nn.Module):  # type: ignore[name-defined]
            def __init__(self) -> None:
                super().__init__()
                self.parts = m.nn.ModuleDict({"a": m.nn.Linear(2, 3), "b": m.nn.Tanh()})
                self.weights = m.nn.ParameterList([m.nn.Parameter(m.ones(3)), m.zeros(2, 2)])
                self.named = m.nn.ParameterDict({"x": m.nn.Parameter(m.ones(3))})

            def forward(self, x: Any) -> Any:
                for name in self.parts:
                    x = self.parts[name](x)
                return x * self.weights[0] + self.named["x"]

        return Model()

    ours, theirs = make(ad), make(torch)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert repr(ours) == repr(theirs).replace("torch.FloatTensor", "autodiff.float32").replace(
        "torch.", "autodiff."
    )
    assert [n for n, _ in ours.named_parameters()] == [n for n, _ in theirs.named_parameters()]
    assert ours(ad.ones(1, 2)).shape == (1, 3)


def events_of(m: Any) -> list[Any]:
    """What hooks of a module see, and the gradients they leave."""
    seen: list[Any] = []

    def note(kind: str) -> Callable[..., None]:
        return lambda module, *values: seen.append(
            (kind, [tuple(v.shape) if v is not None else None for value in values
                    for v in (value if isinstance(value, tuple) else (value,))])
        )  # fmt: skip

    layer = m.nn.Linear(3, 2)
    handles = [
        layer.register_forward_pre_hook(note("pre")),
        layer.register_forward_hook(note("forward")),
        layer.register_full_backward_pre_hook(note("backward pre")),
        layer.register_full_backward_hook(note("backward")),
        layer.register_forward_hook(lambda module, inputs, output: output * 2),
        layer.register_forward_pre_hook(lambda module, inputs: (inputs[0] + 1,)),
        layer.register_full_backward_hook(lambda module, gin, gout: (gin[0] * 10,)),
    ]
    with m.no_grad():
        layer.weight.fill_(0.5)
        layer.bias.fill_(0.0)
    x = m.ones(4, 3, requires_grad=True)
    layer(x).sum().backward()
    seen.append(x.grad.tolist())
    seen.append(layer.weight.grad.tolist())
    for handle in handles:
        handle.remove()
    layer(x).sum().backward()
    seen.append(x.grad.tolist())
    layer.register_full_backward_hook(note("no input"))
    layer(m.ones(4, 3)).sum().backward()
    return seen


@pytest.mark.filterwarnings("ignore:Full backward hook")
def test_hooks() -> None:
    ours, theirs = events_of(ad), events_of(torch)
    assert ours[:-1] == theirs[:-1]
    assert ours[-1][0] == theirs[-1][0] == "no input"


@pytest.mark.parametrize("norm_type", [2.0, 1.0, float("inf")])
@pytest.mark.parametrize("limit", [0.5, 1e6])
def test_clipping(norm_type: float, limit: float) -> None:
    results = []
    for m in (ad, torch):
        ps = [m.tensor(numbers(3, 2, seed=s), requires_grad=True) for s in (0, 1)]
        sum((p**3).sum() for p in ps).backward()
        total = m.nn.utils.clip_grad_norm_(ps, limit, norm_type)
        clipped = [array(p.grad).copy() for p in ps]
        m.nn.utils.clip_grad_value_(ps, 0.1)
        results.append((float(total), *clipped, *[array(p.grad) for p in ps]))
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9)


def test_vectors() -> None:
    theirs, ours = torch.nn.Linear(3, 2).double(), ad.nn.Linear(3, 2).double()
    copy_weights(theirs, ours)
    vector = ad.nn.utils.parameters_to_vector(ours.parameters())
    assert_close(vector, torch.nn.utils.parameters_to_vector(theirs.parameters()))
    ad.nn.utils.vector_to_parameters(vector * 2, ours.parameters())
    np.testing.assert_allclose(array(ours.weight), 2 * array(theirs.weight))


def test_orthogonal_and_truncated() -> None:
    for shape in ((3, 5), (5, 3), (4, 2, 3)):
        x = ad.nn.init.orthogonal_(ad.empty(*shape, dtype=ad.float64), gain=2.0)
        flat = array(x).reshape(shape[0], -1)
        small = flat @ flat.T if flat.shape[0] <= flat.shape[1] else flat.T @ flat
        np.testing.assert_allclose(small, 4 * np.eye(len(small)), atol=1e-12)
    y = array(ad.nn.init.trunc_normal_(ad.empty(1000), std=2.0, a=-1.0, b=1.5))
    assert y.min() >= -1.0
    assert y.max() <= 1.5
    assert y.std() > 0.5
    for name in ("linear", "conv1d", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"):
        assert ad.nn.init.calculate_gain(name) == torch.nn.init.calculate_gain(name)


def test_batches_over_several_devices_are_the_same_as_on_one() -> None:
    results = []
    for devices in (None, ["cpu:0", "cpu:1", "cpu:2"]):
        ad.manual_seed(0)
        model = ad.nn.Sequential(ad.nn.Linear(3, 4), ad.nn.Tanh(), ad.nn.Linear(4, 2)).double()
        parallel = ad.nn.DataParallel(model, device_ids=devices)
        assert next(iter(parallel.state_dict())) == "module.0.weight"
        x = ad.tensor(numbers(7, 3), requires_grad=True)
        out = parallel(x)
        (out * out).sum().backward()
        results.append((out, x.grad, *[p.grad for p in model.parameters()]))
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(array(a), array(b), atol=1e-12)
