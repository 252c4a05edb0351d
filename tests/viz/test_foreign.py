"""Other engines: a PyTorch loss is drawn and stepped as ours is."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
import viz

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.parity


def gradients(steps: viz.BackwardPass) -> dict[str, np.ndarray]:
    graph = steps.networkx()
    return {a["name"]: a["g"] for _, a in graph.nodes(data=True) if a["kind"] == "leaf"}


def test_the_steps_of_a_pytorch_pass_end_with_pytorchs_gradients() -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
        torch.nn.BatchNorm1d(18), torch.nn.Linear(18, 3),
    )  # fmt: skip
    x = torch.randn(5, 1, 8, 8)
    loss = torch.nn.functional.cross_entropy(model(x), torch.tensor([0, 1, 2, 0, 1]))
    steps = viz.backward(loss)
    assert all(p.grad is None for p in model.parameters())
    found = gradients(steps)
    loss.backward()
    for name, parameter in model.named_parameters():
        assert found[f"model.{name}"] == pytest.approx(parameter.grad.numpy(), abs=1e-6)


def test_several_outputs_and_shared_leaves() -> None:
    x = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    a, b = x.split(2)
    loss = (a * b + a).sum()
    found = gradients(viz.backward(loss))["x"]
    loss.backward()
    assert found.tolist() == x.grad.tolist()


def test_the_same_program_has_the_same_picture_of_steps() -> None:
    told = []
    for library in (torch, ad):
        x = library.tensor(3.0, requires_grad=True)
        y = x.log() * x
        told.append([frame.gradient for frame in viz.backward(y)])
    assert np.allclose(*told)


def test_a_page_and_words_for_pytorch() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    loss = (w * 3).exp().sum()
    steps = viz.backward(loss)
    assert "step 1   loss = sum(" in str(steps)
    assert "The complete gradient of w" in steps.html
    assert "saved result" in viz.grad_fn(loss, saved=True).svg


def test_errors() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(RuntimeError, match="only for scalar outputs"):
        viz.backward(w * 2)
    assert gradients(viz.backward(w * 2, torch.tensor([1.0, 10.0])))["w"].tolist() == [2.0, 20.0]
    with pytest.raises(RuntimeError, match="nothing computed this value"):
        viz.backward(w)
    loss = (w * w).sum()
    loss.backward()
    with pytest.raises(RuntimeError, match="second time"):
        viz.backward(loss)
    assert str(viz.graph(loss))
