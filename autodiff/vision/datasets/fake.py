"""FakeData: random images, to try a program without data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff import errors
from autodiff.creation import randint, randn
from autodiff.random import Generator
from autodiff.utils.data.dataset import Dataset
from autodiff.vision.transforms.functional import to_pil_image

__all__ = ["FakeData"]


class FakeData(Dataset[tuple[Any, Any]]):
    """Random Pillow images with random classes, the same each time they are asked for.

    >>> from autodiff.vision.datasets import FakeData
    >>> image, label = FakeData(size=10, image_size=(3, 32, 48))[3]
    >>> image.size
    (48, 32)
    """

    def __init__(
        self,
        size: int = 1000,
        image_size: tuple[int, int, int] = (3, 224, 224),
        num_classes: int = 10,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        random_offset: int = 0,
    ) -> None:
        self.size, self.image_size, self.num_classes = size, image_size, num_classes
        self.transform, self.target_transform = transform, target_transform
        self.random_offset = random_offset

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        if index >= len(self):
            raise errors.vision.sample_out_of_range(type(self).__name__, index)
        source = Generator().manual_seed(index + self.random_offset)
        image: Any = to_pil_image(randn(*self.image_size, generator=source))
        target: Any = int(randint(self.num_classes, (1,), generator=source).item())
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def __len__(self) -> int:
        return self.size
