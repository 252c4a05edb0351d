"""Every public function and class shows what it is for, in an example that the suite runs."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import autodiff
import viz

WITHOUT = {
    "autodiff.cuda.": "needs a GPU; see docs/gpu.md",
    "autodiff.distributed.": "needs several processes; see tests/distributed",
    "autodiff.vision.datasets.CIFAR10": "needs files from the network",
    "autodiff.vision.datasets.FashionMNIST": "needs files from the network",
    "autodiff.vision.datasets.MNIST": "needs files from the network",
}
"""Names, or how they begin, of what cannot show itself in one process on any machine, and why."""


def public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The functions and classes that a module exports, itself or in the modules it exports."""
    for name in getattr(module, "__all__", ()):
        value = getattr(module, name)
        if inspect.ismodule(value):
            yield from public(value)
        elif inspect.isroutine(value) or inspect.isclass(value):
            yield f"{module.__name__}.{name}", value


def has_example(value: Any) -> bool:
    examples = doctest.DocTestParser().get_examples(value.__doc__ or "")
    return any(not example.options.get(doctest.SKIP) for example in examples)


@pytest.mark.parametrize("package", [autodiff, viz])
def test_every_public_name_has_an_example(package: ModuleType) -> None:
    named = {name: value for name, value in public(package) if not name.startswith(tuple(WITHOUT))}
    assert len(named) > 10
    assert [name for name, value in named.items() if not has_example(value)] == []


def test_what_has_no_example_is_there() -> None:
    names = [name for name, _ in public(autodiff)]
    assert all(any(name.startswith(start) for name in names) for start in WITHOUT)
