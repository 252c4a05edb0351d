"""Digits: real scans of handwritten digits, small enough to ship with the package."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import numpy as np

from autodiff.interop import from_numpy
from autodiff.utils.data.dataset import Dataset

__all__ = ["Digits"]

TRAINING_SAMPLES = 1437


class Digits(Dataset):
    """1,797 scans of handwritten digits, 8 x 8 pixels in 17 shades of gray, by 13 people.

    Each sample is an image, float32 of shape (1, 8, 8) with values from 0 to 1, and its class, an
    int from 0 to 9. They are stored shuffled: the first 1,437 are for training, the last 360 for
    testing.

    Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
    Learning Repository (1998), https://doi.org/10.24432/C50P49, licence CC BY 4.0; the test part
    of it, as scikit-learn distributes it.

    Args:
        train: the training part, or the test part.
        transform: a function applied to each image.
        target_transform: a function applied to each class.
        root, download: accepted as by the other data sets, and not needed.

    >>> from autodiff.vision.datasets import Digits
    >>> digits = Digits(train=True)
    >>> len(digits), len(Digits(train=False))
    (1437, 360)
    >>> image, label = digits[0]
    >>> image.shape, label
    (autodiff.Size([1, 8, 8]), 6)
    """

    classes = tuple("0123456789")

    def __init__(
        self,
        train: bool = True,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        *,
        root: Any = None,
        download: bool = False,
    ) -> None:
        with (files("autodiff.vision.datasets") / "digits.npz").open("rb") as file:
            stored = np.load(file, allow_pickle=False)
            images, labels = stored["images"], stored["labels"]
        part = slice(TRAINING_SAMPLES) if train else slice(TRAINING_SAMPLES, None)
        self.data = from_numpy(images[part, None].astype(np.float32) / 16)
        self.targets = from_numpy(labels[part].astype(np.int64))
        self.transform, self.target_transform = transform, target_transform

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image, label = self.data[index], self.targets[index].item()
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            label = self.target_transform(label)
        return image, label

    def __len__(self) -> int:
        return len(self.targets)
