"""Mistakes get an error that teaches: what, why, how to fix, which lesson. Nothing is lost."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
import re
from collections.abc import Callable
from typing import Any

import pytest

import autodiff as ad
from autodiff import errors, nn
from lessons.format import load_course
from tests.mistakes import IMAGES, MISTAKES, Mistake

LESSONS = {lesson.id for lesson in load_course()}


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize(
    ("mistake", "library"),
    [(mistake, ad) for mistake in MISTAKES] + [(mistake, ad.vision) for mistake in IMAGES],
    ids=[mistake.name for mistake in MISTAKES + IMAGES],
)
def test_mistake(mistake: Mistake, library: Any) -> None:
    with pytest.raises(mistake.kind) as caught:
        mistake.program(library)
    assert type(caught.value) is mistake.kind
    # The text of a KeyError is quoted.
    message = caught.value.args[0] if mistake.kind is KeyError else str(caught.value)
    assert mistake.words in message
    assert bool(re.findall(r"\n  (?:Why|Fix|Lesson): ", message)) is mistake.explains
    assert_well_formed(message)


WARNED: dict[str, tuple[Callable[[], Any], str]] = {
    "grad of a result": (
        lambda: (ad.ones(2, requires_grad=True) * 2).grad,
        "not a leaf Tensor is being accessed",
    ),
    "grad of a leaf that was moved": (
        lambda: ad.ones(2, requires_grad=True).to(ad.float64).grad,
        "not a leaf Tensor is being accessed",
    ),
    "dropout of channels of an image without a batch": (
        lambda: nn.functional.dropout2d(ad.ones(3, 4, 4)),
        "dropout2d: Received a 3D input, of shape [3, 4, 4]",
    ),
    "tensor of a tensor": (lambda: ad.tensor(ad.ones(2)), "detach().clone()"),
    "number of a variable": (
        lambda: float(ad.tensor(1.0, requires_grad=True)),
        "Converting a tensor with requires_grad=True to a scalar",
    ),
    "math of a variable": (
        lambda: math.sin(ad.tensor(1.0, requires_grad=True)),
        "Converting a tensor with requires_grad=True to a scalar",
    ),
}


@pytest.mark.parametrize("name", WARNED)
def test_warning(name: str) -> None:
    program, words = WARNED[name]
    with pytest.warns(UserWarning, match=re.escape(words)) as notes:
        program()
    assert len(notes) == 1
    assert "  Why: " in str(notes[0].message)
    assert notes[0].filename == __file__
    assert_well_formed(str(notes[0].message))


def test_shapes_that_broadcast_in_a_loss_are_pointed_out() -> None:
    with pytest.warns(UserWarning, match="broadcast"):
        nn.MSELoss()(ad.ones(3, 1), ad.ones(3))


def test_a_softmax_before_cross_entropy_is_pointed_out() -> None:
    x = ad.randn(3, 4, requires_grad=True)
    labels = ad.tensor([0, 1, 2])
    with pytest.warns(UserWarning, match=r"cross_entropy got what looks like.*\n.*\n.*\n.*leave"):
        nn.CrossEntropyLoss()(nn.Softmax(dim=1)(x), labels)
    with pytest.warns(UserWarning, match="with_logits got what looks like the output of sigmoid"):
        nn.BCEWithLogitsLoss()(x.sigmoid(), ad.ones(3, 4))
    nn.CrossEntropyLoss()(x, labels)


def test_no_warning_where_all_is_well() -> None:
    x = ad.ones(2, requires_grad=True)
    y = x * 2
    y.retain_grad()
    assert y.grad is None
    assert x.grad is None
    y.sum().backward()
    assert y.grad.tolist() == [1.0, 1.0]
    assert (x.detach() * 2).grad is None
    assert float(x.detach()[0]) == 1.0


def assert_well_formed(message: str) -> None:
    what, *rest = message.splitlines()
    assert what
    for lesson in re.findall(r"Lesson: autodiff learn (.*)", message):
        assert lesson in LESSONS
    own = [line for line in rest if not line.startswith('  File "')]
    assert all(len(line) <= 79 for line in own), "explanations fit into 80 columns"


def test_every_error_names_a_lesson_that_exists() -> None:
    for subject in pkgutil.iter_modules(errors.__path__):
        source = inspect.getsource(importlib.import_module(f"autodiff.errors.{subject.name}"))
        assert set(re.findall(r"lesson=\"(.*?)\"", source)) <= LESSONS, subject.name


def test_a_failed_write_changes_nothing() -> None:
    x = ad.tensor([1.0, 2.0, 3.0])
    for write in (
        lambda: x.add_(ad.ones(2, 3)),
        lambda: x.__setitem__(slice(None), ad.ones(2)),
        lambda: x.__setitem__(7, 1.0),
        lambda: x.copy_(ad.ones(4)),
    ):
        with pytest.raises((RuntimeError, IndexError)):
            write()
    assert x.tolist() == [1.0, 2.0, 3.0]
    assert x._version == 0


def test_a_failed_backward_leaves_the_graph_usable() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    with pytest.raises(RuntimeError):
        y.backward()
    y.backward(ad.ones(2))
    assert x.grad.tolist() == [2.0, 4.0]


def test_a_failed_operation_leaves_recording_on() -> None:
    with pytest.raises(RuntimeError), ad.no_grad():
        ad.ones(2) + ad.ones(3)
    assert ad.is_grad_enabled()


def test_scalar_mistakes() -> None:
    with pytest.raises(TypeError, match="holds one number, and got list"):
        ad.Scalar([1.0])
    with pytest.raises(RuntimeError, match="nothing to differentiate"):
        ad.Scalar(1.0, requires_grad=False).backward()
    y = ad.Scalar(2.0) * ad.Scalar(3.0)
    y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()
    with pytest.raises(TypeError):
        ad.Scalar(1.0) + "a"
