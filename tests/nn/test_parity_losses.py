"""Every loss beside PyTorch's in float64: with each reduction, with its settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import autodiff as ad
from tests.nn.beside import assert_close, assert_same, numbers, outcome
from tests.nn.cases.losses import LOSSES, Make

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.parity, pytest.mark.filterwarnings("ignore:reduction")]

by_loss = pytest.mark.parametrize(
    ("name", "settings", "x", "targets"), LOSSES, ids=range(len(LOSSES))
)


def run(
    m: Any, name: str, settings: dict[str, Any], reduction: str, x: Any, targets: list[Any]
) -> Any:
    """The criterion, the loss, and the gradient of what it is given."""
    given = {k: v(m) if callable(v) else v for k, v in settings.items()}
    criterion = getattr(m.nn, name)(**given, reduction=reduction)
    output = x.requires_grad_()
    loss = criterion(output, *targets)
    loss.backward(m.ones_like(loss))
    return criterion, loss, output.grad


@pytest.mark.parametrize("reduction", ["mean", "sum", "none", "batchmean"])
@by_loss
def test_losses(
    name: str, settings: dict[str, Any], x: Make, targets: list[Make], reduction: str
) -> None:
    if reduction == "batchmean" and name != "KLDivLoss":
        pytest.skip("a reduction of KLDivLoss alone")
    (ours, loss, grad), (theirs, their_loss, their_grad) = (
        run(m, name, settings, reduction, x(m), [make(m) for make in targets]) for m in (ad, torch)
    )
    assert_close(loss, their_loss)
    assert_close(grad, their_grad)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())


UNUSUAL: dict[str, Callable[[Any], Any]] = {
    "a batch of one": lambda x: x[:1],
    "an empty batch": lambda x: x[:0],
    "no batch": lambda x: x[0] if x.ndim else x,
}


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize("case", UNUSUAL)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@by_loss
def test_unusual_shapes(
    name: str, settings: dict[str, Any], x: Make, targets: list[Make], reduction: str,
    case: str,
) -> None:  # fmt: skip
    """The same result, or an error of the same type."""
    change = UNUSUAL[case]
    ours, theirs = (
        outcome(
            lambda m=m: run(
                m, name, settings, reduction, change(x(m)), [change(make(m)) for make in targets]
            )[1:]
        )
        for m in (ad, torch)
    )
    if name in ("MultiMarginLoss", "MultiLabelMarginLoss") and case == "an empty batch":
        pytest.skip("PyTorch gives what the memory held")
    assert_same(ours, theirs)


def test_cross_entropy_of_one_sample() -> None:
    for m in (ad, torch):
        loss = m.nn.functional.cross_entropy(m.tensor([0.5, 2.0, 1.0]), m.tensor(2))
        assert loss.item() == pytest.approx(1.4644, abs=1e-4)


def test_the_graph_of_cross_entropy() -> None:
    names = []
    for m in (ad, torch):
        x = m.tensor(numbers(5, 4), requires_grad=True)
        node = m.nn.functional.cross_entropy(x, m.tensor([2, 0, 3, 1, 3])).grad_fn
        names.append([node.name(), node.next_functions[0][0].name()])
    assert names[0] == names[1]
