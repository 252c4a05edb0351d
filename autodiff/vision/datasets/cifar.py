"""CIFAR10: 60,000 small colour photographs of ten classes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.utils.data.dataset import Dataset
from autodiff.vision.datasets.batches import read_batch
from autodiff.vision.pillow import image_from

__all__ = ["CIFAR10"]


class CIFAR10(Dataset[tuple[Any, Any]]):
    """60,000 photographs of animals and vehicles, 32 x 32 pixels: 50,000 for training.

    Each sample is a Pillow image and its class, an int from 0 to 9; ``classes`` are their names.
    Source: A. Krizhevsky, "Learning multiple layers of features from tiny images" (2009).

    Args:
        root: the folder that has, or gets, ``cifar-10-batches-py/`` or the archive of it.
        train: the training part, or the test part.
        transform: a function applied to each image.
        target_transform: a function applied to each class.
        download: get the archive from the network where it is not there.

    Raises:
        RuntimeError: the batches are not there, damaged, or cannot be downloaded.
    """

    url = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
    filename = "cifar-10-python.tar.gz"
    tgz_md5 = "c58f30108f718f92721af3b95e74349a"
    base_folder = "cifar-10-batches-py"
    train_list = tuple(f"data_batch_{number}" for number in range(1, 6))
    test_list = ("test_batch",)
    meta = "batches.meta"

    def __init__(
        self,
        root: str | Path,
        train: bool = True,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
    ) -> None:
        self.root, self.train = str(root), train
        self.transform, self.target_transform = transform, target_transform
        if download:
            self.download()
        elif self._missing() and (Path(root) / self.filename).exists():
            self._unpack()
        if self._missing():
            raise errors.vision.not_there("CIFAR10", Path(root) / self.filename, self.url)
        self.classes = self._read(self.meta, "label_names", list)
        self.class_to_idx = {name: number for number, name in enumerate(self.classes)}
        names = self.train_list if train else self.test_list
        images = [self._read(name, "data", np.ndarray) for name in names]
        self.targets = [label for name in names for label in self._read(name, "labels", list)]
        if any(x.ndim != 2 or x.shape[1] != 3072 for x in images) or len(self.targets) != sum(
            len(x) for x in images
        ):
            raise errors.vision.damaged_file(self._folder, "the batches have other shapes")
        # Stored as planes of red, green and blue; Pillow wants the colours of a pixel together.
        planes = np.concatenate(images).reshape(-1, 3, 32, 32)
        self.data = np.ascontiguousarray(planes.transpose(0, 2, 3, 1))

    @property
    def _folder(self) -> Path:
        return Path(self.root) / self.base_folder

    def _missing(self) -> bool:
        names = (*self.train_list, *self.test_list, self.meta)
        return not all((self._folder / name).is_file() for name in names)

    def _read(self, name: str, key: str, kind: type) -> Any:
        found = read_batch(self._folder / name).get(key)
        if not isinstance(found, kind):
            raise errors.vision.damaged_file(self._folder / name, f"it has no {key}")
        return found

    def download(self) -> None:
        """Get the archive, if the batches are not there.

        Raises:
            RuntimeError: it cannot be reached, or its checksum is wrong.
        """
        from autodiff.vision.datasets.download import fetch, matches  # loads http

        archive = Path(self.root) / self.filename
        if self._missing():
            if not matches(archive, self.tgz_md5):
                fetch([self.url], archive, self.tgz_md5)
            self._unpack()

    def _unpack(self) -> None:
        """Write the batches out of the archive; whatever else is in it stays there."""
        import tarfile
        import zlib

        archive = Path(self.root) / self.filename
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with tarfile.open(archive) as packed:
                for name in (*self.train_list, *self.test_list, self.meta):
                    member = packed.extractfile(f"{self.base_folder}/{name}")
                    if member is not None:
                        (self._folder / name).write_bytes(member.read())
        except (tarfile.TarError, zlib.error, KeyError, EOFError, OSError) as error:
            raise errors.vision.damaged_file(archive, str(error)) from None

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image: Any = image_from(self.data[index])
        target: Any = self.targets[index]
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def __len__(self) -> int:
        return len(self.data)
