"""Transforms of images; ``m`` is the module of images, autodiff.vision or torchvision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.mistakes.mistake import Mistake


def transform(name: str, *settings: Any, **more: Any) -> Callable[[Any], Any]:
    """A program that makes a transform, where ``m`` is the library's module of images."""
    return lambda m: getattr(m.transforms, name)(*settings, **more)


def on_an_array(name: str, *settings: Any) -> Callable[[Any], Any]:
    return lambda m: getattr(m.transforms, name)(*settings)(np.zeros((4, 4, 3), np.uint8))


def on_a_tensor(name: str, *settings: Any, pixels: Any = np.uint8) -> Callable[[Any], Any]:
    def program(m: Any) -> Any:
        image = m.transforms.ToTensor()(np.zeros((4, 5, 3), pixels))
        return getattr(m.transforms, name)(*settings)(image)

    return program


MISTAKES = [
    Mistake(
        "a tensor to a tensor",
        on_a_tensor("ToTensor"),
        TypeError,
        "pic should be PIL Image or ndarray. Got Tensor.",
    ),
    Mistake(
        "Pillow's pixels of a tensor",
        on_a_tensor("PILToTensor"),
        TypeError,
        "pic should be PIL Image. Got Tensor.",
        explains=False,
    ),
    Mistake(
        "normalize before ToTensor",
        on_an_array("Normalize", 0.5, 0.5),
        TypeError,
        "img should be Tensor Image. Got ndarray.",
    ),
    Mistake(
        "normalize bytes",
        on_a_tensor("Normalize", 0.5, 0.5, pixels=np.int32),
        TypeError,
        "Input tensor should be a float tensor. Got autodiff.int32.",
    ),
    Mistake(
        "no spread",
        on_a_tensor("Normalize", [0.5, 0.5, 0.5], [1.0, 0.0, 1.0]),
        ValueError,
        "std evaluated to zero, leading to division by zero",
    ),
    Mistake(
        "an array in four dimensions",
        lambda m: m.transforms.ToTensor()(np.zeros((1, 4, 4, 3))),
        ValueError,
        "pic should be 2/3 dimensional. Got 4 dimensions.",
    ),
    Mistake(
        "a picture of a list",
        lambda m: m.transforms.ToPILImage()([1]),
        TypeError,
        "pic should be Tensor or ndarray. Got list.",
        explains=False,
    ),
    Mistake(
        "five channels",
        lambda m: m.transforms.ToPILImage()(np.zeros((4, 4, 5), np.uint8)),
        ValueError,
        "pic should not have > 4 channels. Got 5 channels.",
    ),
    Mistake(
        "flipping an array",
        on_an_array("RandomHorizontalFlip", 1.0),
        TypeError,
        "an image is a PIL image or a Tensor",
    ),
    Mistake(
        "a crop too large",
        on_a_tensor("RandomCrop", 6),
        ValueError,
        "Required crop size (6, 6) is larger than input image size (4, 5).",
    ),
    Mistake(
        "three sizes",
        transform("Resize", (1, 2, 3)),
        ValueError,
        "If size is a sequence, it should have 1 or 2 values",
        explains=False,
    ),
    Mistake(
        "size as text",
        transform("Resize", 2.5),
        TypeError,
        "Size should be int or sequence. Got float",
        explains=False,
    ),
    Mistake(
        "two sizes and a limit",
        lambda m: m.transforms.Resize((2, 2), max_size=3)(
            m.transforms.ToTensor()(np.zeros((4, 5, 3)))
        ),
        ValueError,
        "max_size should only be passed if size specifies the length of the",
        explains=False,
    ),
    Mistake(
        "unknown border",
        transform("Pad", 1, padding_mode="mirror"),
        ValueError,
        "Padding mode should be",
        explains=False,
    ),
    Mistake(
        "three borders",
        transform("Pad", (1, 2, 3)),
        ValueError,
        "Padding must be an int or a 1, 2, or 4 element tuple, not a 3",
        explains=False,
    ),
    Mistake(
        "negative degrees",
        transform("RandomRotation", -3),
        ValueError,
        "If degrees is a single number, it must be positive.",
    ),
    Mistake(
        "chance above one",
        transform("RandomErasing", p=2),
        ValueError,
        "Random erasing probability should be between 0 and 1",
        explains=False,
    ),
    Mistake(
        "no function",
        transform("Lambda", 3),
        TypeError,
        "Argument lambd should be callable, got int.",
        explains=False,
    ),
    Mistake(
        "a grid of numbers",
        lambda m: m.utils.make_grid([1, 2]),
        TypeError,
        "tensor or list of tensors expected, got",
        explains=False,
    ),
    Mistake(
        "fake and out of range",
        lambda m: m.datasets.FakeData(size=2)[2],
        IndexError,
        "FakeData index out of range",
        explains=False,
    ),
    Mistake(
        "MNIST that is not there",
        lambda m: m.datasets.MNIST("/nowhere/at/all"),
        RuntimeError,
        "Dataset not found",
    ),
    Mistake(
        "CIFAR10 that is not there",
        lambda m: m.datasets.CIFAR10("/nowhere/at/all"),
        RuntimeError,
        "Dataset not found",
    ),
]
