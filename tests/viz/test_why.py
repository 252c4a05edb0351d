"""why(x): each way a gradient surprises is told apart, with the line that did it."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import autodiff as ad
import viz
from autodiff import trail
from autodiff.nn import functional as F  # noqa: N812 - PyTorch's custom


@pytest.fixture(autouse=True)
def no_trail() -> Iterator[None]:
    trail.forget()
    yield
    trail.forget()


def leaf(*numbers: float) -> ad.Tensor:
    return ad.tensor(numbers or (1.0, 2.0), requires_grad=True)


def here() -> int:
    """The line that called this."""
    return inspect.stack()[1].lineno


# -- None: values that left the graph ----------------------------------------------------------

CUTS: dict[str, Callable[[ad.Tensor], object]] = {
    "detach()": lambda w: (w * 2).detach(),
    ".data": lambda w: (w * 2).data,
    "item()": lambda w: (w * 2).sum().item(),
    "tolist()": lambda w: (w * 2).tolist(),
    "a Python number": lambda w: int((w * 2).sum()),
    "numpy(force=True)": lambda w: (w * 2).numpy(force=True),
    "argmax": lambda w: (w * 2).argmax(),
    "gt": lambda w: (w * 2) > 1,
    "conversion to int64": lambda w: (w * 2).long(),
    "a new tensor of its numbers": lambda w: ad.tensor([(w * 2).sum(), 1.0]),
    "mul under no_grad": lambda w: ad.no_grad()(lambda: w * 2)(),
    "exp under no_grad": lambda w: ad.no_grad()(lambda: w.exp())(),
    "matmul under no_grad": lambda w: ad.no_grad()(lambda: w @ w)(),
}


@pytest.mark.parametrize("how", CUTS)
def test_the_line_that_cut_it_off(how: str) -> None:
    w, v = leaf(), leaf()
    CUTS[how](w)
    loss = (v * 3).sum()
    loss.backward()
    answer = viz.why(w, loss)
    assert answer.state == "none"
    assert f"left the graph by {how}" in str(answer) or how == "matmul under no_grad"
    assert "test_why.py, line" in answer.finding.where
    assert "lambda w:" in answer.finding.where
    assert answer.finding.fix
    assert answer.finding.lesson == "stopping"


def test_a_value_that_was_itself_cut_off() -> None:
    w = leaf()
    y = (w * 2).detach()
    line = here() - 1
    answer = viz.why(y)
    assert "y.grad is None because y was taken out of the graph by detach()." in str(answer)
    assert f"line {line}" in answer.finding.where


def test_an_optimizers_own_writes_are_not_blamed() -> None:
    w, v = leaf(), leaf()
    optimizer = ad.optim.SGD([w, v], lr=0.1)
    (v * v).sum().backward()
    optimizer.step()
    assert "was not used" in str(viz.why(w, (v * v).sum()))


# -- None: other reasons -----------------------------------------------------------------------


def test_not_asked_for() -> None:
    x = ad.tensor([1.0, 2.0])
    assert "x does not require grad" in str(viz.why(x))
    n = ad.tensor([1, 2])
    assert "n holds integers" in str(viz.why(n))
    layer = ad.nn.Linear(2, 1)
    layer.weight.requires_grad_(False)
    assert "layer.weight does not require grad" in str(viz.why(layer.weight))


def test_not_a_leaf() -> None:
    w = leaf()
    y = w * 2
    assert "flows through it to w" in " ".join(str(viz.why(y)).split())
    moved = ad.tensor([1.0], requires_grad=True).to(ad.float64)
    told = " ".join(str(viz.why(moved)).split())
    assert "moved.grad is None because moved is not a leaf." in told
    assert "moved = ....detach().requires_grad_()" in told


def test_where_lines_are_recorded_the_line_is_told() -> None:
    with ad.autograd.graph.record_lines():
        moved = leaf().double()
    assert "moved = leaf().double()" in viz.why(moved).finding.where


def test_not_yet_and_not_any_more() -> None:
    w = leaf()
    loss = (w * w).sum()
    assert "no backward pass has come by yet" in str(viz.why(w))
    assert "call loss.backward()" in str(viz.why(w))
    loss.backward()
    w.grad = None
    assert "was taken away since" in " ".join(str(viz.why(w)).split())


def test_an_unused_parameter() -> None:
    w = leaf()
    v = leaf()
    loss = (v * v).sum()
    loss.backward()
    assert "loss was not computed from w" in str(viz.why(w, loss))
    assert viz.why(v, loss).state == "fine"


def test_a_retained_gradient_of_an_intermediate_value() -> None:
    w = leaf()
    y = w * 2
    y.retain_grad()
    loss = (y * y).sum()
    loss.backward()
    assert viz.why(y, loss).state == "fine"


# -- sums --------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [leaf, lambda: ad.Scalar(2.0)], ids=["Tensor", "Scalar"])
def test_a_missing_zero_grad(make: Callable[[], ad.Tensor]) -> None:
    w = make()
    for _ in range(3):
        loss = w * w if isinstance(w, ad.Scalar) else (w * w).sum()
        loss.backward()
    line = here() - 1
    answer = viz.why(w)
    assert answer.state == "summed"
    assert "the sum of the gradients of 3 backward passes" in str(answer)
    assert f"line {line}" in answer.finding.where
    w.grad = None
    loss = w * w if isinstance(w, ad.Scalar) else (w * w).sum()
    loss.backward()
    assert viz.why(w).state == "fine"


# -- zero --------------------------------------------------------------------------------------

ZERO: dict[str, tuple[Callable[[ad.Tensor], ad.Tensor], list[float], str]] = {
    "dead relu": (lambda x: x.relu(), [-1.0, -2.0], "a dead relu"),
    "saturated sigmoid": (lambda x: x.sigmoid(), [200.0, 150.0], "sigmoid is saturated"),
    "nearly saturated": (lambda x: x.sigmoid(), [30.0, -40.0], "sigmoid is saturated"),
    "saturated tanh": (lambda x: x.tanh(), [20.0, -30.0], "tanh is saturated"),
    "saturated softmax": (lambda x: x.softmax(0), [0.0, 200.0], "softmax is saturated"),
    "clamp": (lambda x: x.clamp(0.0, 1.0), [-5.0, 7.0], "outside the limits"),
    "a staircase": (lambda x: x.round(), [1.2, 2.7], "a staircase"),
    "times zero": (lambda x: x * ad.zeros(2), [1.0, 2.0], "multiplied by 0"),
}


@pytest.mark.parametrize("retain", [True, False], ids=["whole graph", "freed graph"])
@pytest.mark.parametrize("name", ZERO)
def test_zero(name: str, retain: bool) -> None:
    f, numbers, words = ZERO[name]
    x = ad.tensor(numbers, requires_grad=True)
    y = f(x)
    loss = (y * ad.tensor([3.0, 4.0])).sum()
    loss.backward(retain_graph=retain)
    answer = viz.why(x, loss)
    assert answer.state == "zero"
    assert words in " ".join(str(answer).split())
    if name not in ("saturated softmax",):
        assert "y = " in str(answer)
    assert "◄ here" in answer.svg
    assert answer.finding.lesson == "deep"


# -- not finite --------------------------------------------------------------------------------

BAD: dict[str, tuple[Callable[[ad.Tensor], ad.Tensor], list[float], str]] = {
    "sqrt at 0": (lambda x: x.sqrt(), [0.0, 1.0], "infinite at 0"),
    "log at 0": (lambda x: x.log(), [0.0, 1.0], "log(0) is -inf"),
    "log of a negative number": (lambda x: x.log() * x, [-1.0, 1.0], "negative number is nan"),
    "0 / 0": (lambda x: x / x, [0.0, 1.0], "0 / 0 is nan"),
    "overflow": (lambda x: x.exp(), [1000.0, 1.0], "it overflows"),
    "where hides a nan": (
        lambda x: ad.where(x > 0, x.sqrt(), ad.zeros(2)), [0.0, 4.0], "0 times infinity is nan",
    ),
    "a fractional power at 0": (lambda x: x**0.5, [0.0, 4.0], "infinite for p < 1"),
}  # fmt: skip


@pytest.mark.parametrize("retain", [True, False], ids=["whole graph", "freed graph"])
@pytest.mark.parametrize("name", BAD)
def test_not_finite(name: str, retain: bool) -> None:
    if name == "where hides a nan" and not retain:
        pytest.skip("what arrived there is not known any more when the graph is freed")
    f, numbers, words = BAD[name]
    x = ad.tensor(numbers, requires_grad=True)
    loss = f(x).sum()
    loss.backward(retain_graph=retain)
    assert x.grad is not None
    assert not np.isfinite(x.grad.numpy()).all()
    answer = viz.why(x, loss)
    assert answer.state == ("nan" if np.isnan(x.grad.numpy()).any() else "inf")
    assert words in " ".join(str(answer).split())
    assert answer.finding.lesson == ("losses" if name == "where hides a nan" else "functions")


def test_a_training_step_that_went_wrong() -> None:
    ad.manual_seed(0)
    model = ad.nn.Sequential(ad.nn.Linear(2, 3), ad.nn.ReLU(), ad.nn.Linear(3, 1))
    with ad.no_grad():
        model[0].bias.fill_(-100.0)
    loss = F.mse_loss(model(ad.ones(4, 2)), ad.zeros(4, 1))
    loss.backward()
    assert "a dead relu" in str(viz.why(model[0].weight, loss))


# -- how it is used ----------------------------------------------------------------------------


def test_from_the_command_line(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text(
        "import autodiff as ad\n"
        "w = ad.tensor([1.0], requires_grad=True)\n"
        "v = ad.tensor([1.0], requires_grad=True)\n"
        "prediction = (w * 2).detach()\n"
        "loss = ((prediction - v) ** 2).sum()\n"
        "loss.backward()\n"
    )
    command = [sys.executable, "-m", "lessons.cli", "render", str(script)]
    done = subprocess.run(
        [*command, "--of", "w", "--what", "why"], capture_output=True, text=True, check=True
    )
    assert "w.grad is None because what was computed from w left the graph by" in done.stdout
    assert "train.py, line 4: prediction = (w * 2).detach()" in done.stdout


def test_nothing_is_noted_before_viz_is_imported() -> None:
    program = (
        "import autodiff as ad\nfrom autodiff import trail\n"
        "w = ad.tensor([1.0], requires_grad=True)\n(w * 2).detach()\n"
        "print(len(trail._cuts), trail.following)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split() == ["0", "False"]


def test_the_trail_keeps_nothing_alive_and_does_not_grow() -> None:
    import weakref

    for _ in range(50):
        w = leaf()
        y = (w * 2).detach()
    assert len(trail._cuts) == 1
    gone = weakref.ref(w), weakref.ref(y)
    del w, y
    assert [reference() for reference in gone] == [None, None]


@pytest.mark.parity
def test_a_pytorch_tensor() -> None:
    torch = pytest.importorskip("torch")
    x = torch.tensor([-1.0, -2.0], requires_grad=True)
    y = x.relu()
    loss = (y * 3).sum()
    assert "no backward pass has come by yet" in str(viz.why(x, loss))
    loss.backward(retain_graph=True)
    assert viz.why(x, loss).state == "zero"
    assert "relu" in str(viz.why(x, loss))
    assert "y is not a leaf" in str(viz.why(y, loss))
    z = torch.tensor([0.0, 1.0], requires_grad=True)
    root = z.sqrt().sum()
    root.backward(retain_graph=True)
    assert "infinite at 0" in str(viz.why(z, root))
