"""Lines that stand in many PyTorch programs, beside what a tutorial is about."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.errors.missing import INSTEAD

IDIOMS: dict[str, Callable[[Any], Any]] = {
    "constants": lambda m: [m.pi, m.e, m.inf, m.newaxis, str(m.nan)],
    "a new dimension": lambda m: m.ones(3)[:, m.newaxis],
    "the device": lambda m: m.ones(2).to("cpu", non_blocking=True) + m.ones(2).cpu(),
    "a pinned copy": lambda m: m.zeros(2).copy_(m.ones(2), non_blocking=True),
    "no mps": lambda m: m.backends.mps.is_available(),
    "bytes": lambda m: [m.ones(3).nbytes, m.ones(3).itemsize, m.ones(3).element_size()],
    "kinds": lambda m: [m.ones(3).is_complex(), m.ones(3).is_signed(), m.ones(3).is_cpu],
    "unsigned": lambda m: m.ones(3, dtype=m.uint8).is_signed(),
    "place": lambda m: [m.ones(3).get_device(), m.ones(3).ndimension()],
    "certain draw": lambda m: m.tensor([0.0, 1.0]).multinomial(3, replacement=True),
    "diagonal": lambda m: m.zeros(3, 3).fill_diagonal_(2),
    "wide diagonal": lambda m: m.zeros(2, 4).fill_diagonal_(2, wrap=True),
    "tall diagonal": lambda m: m.zeros(7, 3).fill_diagonal_(2),
    "wrapped diagonal": lambda m: m.zeros(7, 3).fill_diagonal_(2, wrap=True),
    "cube": lambda m: m.zeros(3, 3, 3).fill_diagonal_(2),
    "flat diagonal": lambda m: m.zeros(3).fill_diagonal_(2),
    "uneven diagonal": lambda m: m.zeros(2, 3, 3).fill_diagonal_(2),
    "diagonal of a result": lambda m: gradient_around_a_diagonal(m),
    "padded": lambda m: m.nn.utils.rnn.pad_sequence([m.ones(3), m.ones(1)]),
    "padded rows": lambda m: m.nn.utils.rnn.pad_sequence([m.ones(1, 2), m.ones(2, 2)], True, 5.0),
    "padded on the left": lambda m: m.nn.utils.rnn.pad_sequence(
        [m.ones(1, 2), m.ones(2, 2)], padding_side="left"
    ),
    "padded nowhere": lambda m: m.nn.utils.rnn.pad_sequence([m.ones(2)], padding_side="up"),
    "no sequences": lambda m: m.nn.utils.rnn.pad_sequence([]),
    "unpadded": lambda m: m.nn.utils.rnn.unpad_sequence(m.ones(3, 2), m.tensor([3, 1])),
}


def gradient_around_a_diagonal(m: Any) -> Any:
    x = m.ones(2, 2, requires_grad=True)
    y = x * 2
    y.fill_diagonal_(0)
    y.sum().backward()
    return x.grad


def outcome(run: Callable[[Any], Any], m: Any) -> Any:
    """What an idiom gives, in plain Python, or the type of error that it raises."""
    try:
        return plain(run(m))
    except Exception as error:
        return type(error)


def plain(result: Any) -> Any:
    if isinstance(result, (list, tuple)):
        return [plain(part) for part in result]
    return result.tolist() if hasattr(result, "tolist") else result


@pytest.mark.parity
@pytest.mark.parametrize("name", IDIOMS)
def test_an_idiom_does_what_it_does_in_pytorch(name: str) -> None:
    import torch

    assert outcome(IDIOMS[name], ad) == outcome(IDIOMS[name], torch)


def test_the_diagonal_is_filled() -> None:
    filled = ad.zeros(7, 3).fill_diagonal_(2, wrap=True).numpy()
    expected = np.zeros((7, 3))
    np.fill_diagonal(expected, 2, wrap=True)
    np.testing.assert_array_equal(filled, expected)


def test_switches_for_exactness_are_understood() -> None:
    ad.use_deterministic_algorithms(True, warn_only=True)
    ad.set_float32_matmul_precision("high")
    ad.backends.cudnn.benchmark = False
    assert ad.are_deterministic_algorithms_enabled()
    assert ad.get_float32_matmul_precision() == "highest"
    with pytest.warns(UserWarning, match="has no effect"):
        ad.set_float32_matmul_precision("low")


def module_and_name(path: str) -> tuple[ModuleType, str]:
    module, _, name = path.rpartition(".")
    return importlib.import_module(module), name


@pytest.mark.parametrize("path", INSTEAD)
def test_a_missing_name_says_what_to_write_instead(path: str) -> None:
    module, name = module_and_name(path)
    with pytest.raises(AttributeError, match=f"no attribute '{name}'\n  Why: .*\n  Fix: "):
        getattr(module, name)


@pytest.mark.parity
@pytest.mark.parametrize("path", INSTEAD)
def test_the_missing_names_are_pytorchs(path: str) -> None:
    module, name = module_and_name(path.replace("autodiff", "torch", 1))
    assert hasattr(module, name)


def test_other_names_are_missed_in_one_line() -> None:
    with pytest.raises(AttributeError, match=r"^module 'autodiff.nn' has no attribute 'Liner'$"):
        ad.nn.Liner  # noqa: B018
