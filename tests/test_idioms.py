"""Lines that stand in many PyTorch programs, beside what a tutorial is about."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from importlib.util import find_spec
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
    "joined along an axis": lambda m: m.cat([m.ones(1, 2), m.zeros(1, 2)], axis=1),
    "stacked along an axis": lambda m: m.stack(tensors=[m.ones(2), m.zeros(2)], axis=1),
    "squeezed axis": lambda m: m.ones(1, 2, 1).squeeze(axis=0).shape,
    "sum by name": lambda m: m.sum(input=m.ones(2, 3), axis=1, keepdims=True),
    "mean by name": lambda m: m.mean(input=m.ones(2, 3), dim=(0, 1), out=m.zeros(())),
    "softmax along an axis": lambda m: m.softmax(input=m.zeros(2, 2), axis=1),
    "flipped dims": lambda m: m.arange(4).reshape(2, 2).flip(dims=(0, 1)),
    "permuted dims": lambda m: m.permute(m.arange(2).reshape(1, 2), dims=(1, 0)),
    "shape by name": lambda m: m.reshape(m.arange(4), shape=(2, 2)),
    "repeats by name": lambda m: m.arange(2).repeat(repeats=(2, 1)),
    "split by name": lambda m: m.split(tensor=m.arange(3), split_size_or_sections=2),
    "product by name": lambda m: m.mm(input=m.ones(1, 2), mat2=m.ones(2, 1)),
    "inverse by name": lambda m: m.linalg.inv(A=m.eye(2)),
    "wrong name": lambda m: m.cat([m.ones(1)], dims=0),
    "name given twice": lambda m: m.cat([m.ones(1)], 0, axis=0),
    "loss by name": lambda m: m.nn.functional.mse_loss(input=m.ones(2), target=m.zeros(2)),
    "loss module by name": lambda m: m.nn.L1Loss()(input=m.ones(2), target=m.zeros(2)),
    "numpy float times integers": lambda m: str((m.tensor([1]) * np.float64(2)).dtype)[-7:],
    "integers times numpy float": lambda m: str((np.float64(2) * m.tensor([1])).dtype)[-7:],
    "floats times numpy float": lambda m: str((m.ones(1) * np.float64(2)).dtype)[-7:],
    "softmax without dim": lambda m: warned(m.nn.functional.softmax, m.zeros(1, 2)),
    "log_softmax without dim": lambda m: warned(m.nn.LogSoftmax(), m.zeros(4)),
    "softmin without dim": lambda m: warned(m.nn.functional.softmin, m.zeros(1, 2, 1)),
    "device in a with statement": lambda m: made_inside(m),
    "ways to optimize": lambda m: len(
        m.optim.AdamW([m.ones(1, requires_grad=True)], foreach=False, fused=None).param_groups
    ),
    "unknown way": lambda m: m.optim.SGD([m.ones(1, requires_grad=True)], quick=True),
    "fans": lambda m: m.nn.init._calculate_fan_in_and_fan_out(m.ones(4, 3, 2)),
    "binary targets of 64 bits": lambda m: gradient_of_binary_loss(m),
    "class of a vector": lambda m: m.nn.functional.cross_entropy(m.zeros(1), m.tensor([0])),
    "classes of a vector": lambda m: m.nn.functional.nll_loss(m.zeros(2), m.tensor([0, 1])),
    "targets of 8 bits": lambda m: m.nn.functional.nll_loss(
        m.ones(1, 2), m.tensor([1], dtype=m.uint8)
    ),
    "area": lambda m: m.trapz(m.tensor([0.0, 1.0, 4.0]), m.tensor([0.0, 1.0, 3.0])),
    "areas": lambda m: m.trapezoid(m.arange(6.0).reshape(3, 2), m.tensor([0.0, 1.0, 3.0]), dim=0),
    "areas of equal steps": lambda m: m.trapezoid(m.arange(6).reshape(3, 2), dx=0.5, dim=0),
    "places for each row": lambda m: m.trapezoid(m.ones(2, 3), m.arange(6.0).reshape(2, 3)),
    "places for other values": lambda m: m.trapezoid(m.ones(3), m.ones(2)),
    "softmax of integers": lambda m: m.tensor([1, 2]).softmax(0),
    "softmax of integers in floats": lambda m: m.tensor([2, 2]).softmax(0, dtype=m.float32),
    "own schedule": lambda m: issubclass(
        m.optim.lr_scheduler._LRScheduler, m.optim.lr_scheduler.LRScheduler
    ),
    "layer of a dtype": lambda m: str(m.nn.Linear(2, 1, dtype=m.float64).weight.dtype)[-7:],
    "layer on a device": lambda m: str(m.nn.Conv2d(1, 1, 1, device="cpu").weight.device),
    "layer on the usual device": lambda m: m.nn.BatchNorm1d(2, device=None, dtype=None)(
        m.zeros(2, 2)
    ),
    "activation of a dtype": lambda m: m.nn.ReLU(dtype=m.float64),
    "array into a layer": lambda m: m.nn.Linear(2, 1)(np.ones((1, 2), np.float32)),
    "list into a layer": lambda m: m.nn.Linear(2, 1)([1.0, 2.0]),
    "array into an activation": lambda m: m.nn.functional.relu(np.ones(2)),
    "array into a convolution": lambda m: m.nn.Conv2d(1, 1, 1)(np.ones((1, 1, 1, 1))),
    "array as a target": lambda m: m.nn.CrossEntropyLoss()(m.ones(1, 2), np.array([1])),
    "list as a target": lambda m: m.nn.functional.cross_entropy(m.ones(1, 2), [1]),
    "product with a list": lambda m: m.dot(m.ones(2), [1, 2]),
    "product with a number": lambda m: m.matmul(m.ones(2), 3),
    "quotient of an unknown mode": lambda m: m.div(m.ones(2), 3, rounding_mode="up"),
    "sum of a list": lambda m: m.sum([m.ones(1)]),
    "largest of a list": lambda m: m.max([1, 2]),
    "word of no tensor": lambda m: m.nn.Embedding(2, 1)(1),
    "convolved": lambda m: m.conv2d(m.ones(1, 1, 3, 3), m.ones(1, 1, 2, 2), padding=1),
    "similar": lambda m: m.cosine_similarity(m.ones(1, 2), m.tensor([[1.0, -1.0]])),
    "parameters in order": lambda m: list(m.nn.Linear(1, 1).state_dict().popitem(last=False)[0]),
    "one parameter in a list": lambda m: repr(m.nn.ParameterList([m.ones(2)])),
    "parameters in a list": lambda m: repr(m.nn.ParameterList([m.ones(2), m.ones(1, 1)])),
    "layers alike": lambda m: repr(
        m.nn.ModuleList([m.nn.ReLU(), m.nn.ReLU(), m.nn.Flatten(), m.nn.Sequential(m.nn.ReLU())])
    ),
    "distances": lambda m: m.cdist(m.tensor([[0.0, 0.0], [3.0, 4.0]]), m.tensor([[0.0, 0.0]])),
    "distances of batches": lambda m: m.cdist(m.zeros(2, 3, 2), m.ones(2, 1, 2), p=1),
    "distances in other spaces": lambda m: m.cdist(m.zeros(3, 2), m.zeros(3, 3)),
    "distances of vectors": lambda m: m.cdist(m.zeros(3), m.zeros(3)),
    "distance": lambda m: m.dist(m.tensor([3.0, 0.0]), other=m.tensor([0.0, 4.0])),
    "covariances": lambda m: m.cov(m.tensor([[0, 1, 2], [2, 1, 0]])),
    "variance": lambda m: m.cov(m.tensor([0.0, 1.0, 2.0]), correction=0),
    "covariances of a batch": lambda m: m.cov(m.zeros(2, 2, 2)),
    "correlations": lambda m: m.corrcoef(m.tensor([[0.0, 1.0, 2.0], [4.0, 2.0, 0.0]])),
    "correlation with itself": lambda m: m.corrcoef(m.tensor([0.0, 1.0])),
    "product of sets": lambda m: m.cartesian_prod(m.tensor([1, 2]), m.tensor([3, 4, 5])),
    "product of one set": lambda m: m.cartesian_prod(m.tensor([1, 2])),
    "product of matrices as sets": lambda m: m.cartesian_prod(m.ones(1, 1), m.ones(1, 1)),
    "pairs": lambda m: m.combinations(m.tensor([1, 2, 3])),
    "triples with repeats": lambda m: m.combinations(m.tensor([1.0, 2.0]), 3, True),
    "more than there are": lambda m: m.combinations(m.tensor([1, 2]), 3).shape,
    "choices of nothing": lambda m: m.combinations(m.tensor([1, 2]), 0),
    "blocks": lambda m: m.block_diag(m.ones(2, 1), m.tensor([2, 3]), m.tensor(4)),
    "block of three dimensions": lambda m: m.block_diag(m.ones(1, 1, 1)),
    "powers": lambda m: m.vander(m.tensor([2, 3]), N=3),
    "rising powers": lambda m: m.vander(m.tensor([2.0, 3.0]), increasing=True),
    "powers of a matrix": lambda m: m.vander(m.ones(2, 2)),
    "singular vectors": lambda m: [x.shape for x in m.svd(m.ones(3, 2))],
    "all singular vectors": lambda m: [x.shape for x in m.ones(3, 2).svd(some=False)],
    "singular values": lambda m: m.svd(m.tensor([[3.0], [4.0]]), compute_uv=False),
    "components": lambda m: [x.shape for x in m.pca_lowrank(m.ones(9, 3), q=2)],
    "too many components": lambda m: m.pca_lowrank(m.ones(9, 3), q=4),
    "unpadded": lambda m: m.nn.utils.rnn.unpad_sequence(m.ones(3, 2), m.tensor([3, 1])),
}


def gradient_around_a_diagonal(m: Any) -> Any:
    x = m.ones(2, 2, requires_grad=True)
    y = x * 2
    y.fill_diagonal_(0)
    y.sum().backward()
    return x.grad


def warned(f: Any, x: Any) -> Any:
    """The result of a call that warns, and how many warnings there are."""
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        return f(x), len(notes)


def made_inside(m: Any) -> Any:
    with m.device("cpu") as place:
        inside = m.ones(1).device
    return str(place), str(inside), str(m.get_default_device())


def gradient_of_binary_loss(m: Any) -> Any:
    x = m.zeros(2, requires_grad=True)
    target = m.tensor([1.0, 0.0], dtype=m.float64)
    m.nn.functional.binary_cross_entropy_with_logits(x, target).backward()
    return x.grad, str(x.grad.dtype)[-7:]


def outcome(run: Callable[[Any], Any], m: Any) -> Any:
    """What an idiom gives, in plain Python, or the type of error that it raises."""
    try:
        return plain(run(m))
    except Exception as error:
        return type(error)


def plain(result: Any) -> Any:
    if isinstance(result, (list, tuple)):
        return [plain(part) for part in result]
    if isinstance(result, str):  # dtypes are printed with the name of their library
        return result.replace("torch.", "autodiff.")
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
@pytest.mark.parametrize("path", [path for path in INSTEAD if "vision" not in path])
def test_the_missing_names_are_pytorchs(path: str) -> None:
    theirs = path.replace("autodiff", "torch", 1)
    module, name = module_and_name(theirs)
    assert hasattr(module, name) or find_spec(theirs)


@pytest.mark.parametrize("path", ["autodiff.distributions", "autodiff.utils.tensorboard"])
def test_an_import_of_what_is_left_out_says_what_to_write_instead(path: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=f"No module named '{path}'\n  Why: .*\n  Fix: "):
        importlib.import_module(path)


def test_other_names_are_missed_in_one_line() -> None:
    with pytest.raises(AttributeError, match=r"^module 'autodiff.nn' has no attribute 'Liner'$"):
        ad.nn.Liner  # noqa: B018
