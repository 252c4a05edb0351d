"""MNIST and FashionMNIST: 70,000 small gray images of ten classes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.interop import from_numpy
from autodiff.utils.data.dataset import Dataset
from autodiff.vision.datasets.idx import read_idx
from autodiff.vision.pillow import image_from

__all__ = ["MNIST", "FashionMNIST"]


class MNIST(Dataset[tuple[Any, Any]]):
    """70,000 handwritten digits, 28 x 28 pixels: 60,000 for training, 10,000 for testing.

    Each sample is a Pillow image in shades of gray and its class, an int from 0 to 9.
    Source: Y. LeCun, C. Cortes and C. J. C. Burges (1998).

    Args:
        root: the folder that has, or gets, the archives, as ``root/MNIST/raw/``; packed with gzip
            or not.
        train: the training part, or the test part.
        transform: a function applied to each image.
        target_transform: a function applied to each class.
        download: get the archives from the network where they are not there.

    Raises:
        RuntimeError: the archives are not there, damaged, or cannot be downloaded.
    """

    mirrors: tuple[str, ...] = (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    )
    checksums = {  # noqa: RUF012
        "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
        "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
        "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
    }
    classes = (
        "0 - zero", "1 - one", "2 - two", "3 - three", "4 - four", "5 - five", "6 - six",
        "7 - seven", "8 - eight", "9 - nine",
    )  # fmt: skip

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
        part = "train" if train else "t10k"
        images = read_idx(self._file(f"{part}-images-idx3-ubyte.gz"), 3)
        labels = read_idx(self._file(f"{part}-labels-idx1-ubyte.gz"), 1)
        if len(images) != len(labels):
            raise errors.vision.damaged_file(
                self.raw_folder, f"{len(images)} images have {len(labels)} labels"
            )
        self.data, self.targets = from_numpy(images), from_numpy(labels.astype(np.int64))

    @property
    def raw_folder(self) -> Path:
        """Where the archives are."""
        return Path(self.root) / type(self).__name__ / "raw"

    @property
    def class_to_idx(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.classes)}

    def download(self) -> None:
        """Get the archives that are not there.

        Raises:
            RuntimeError: they cannot be reached, or their checksums are wrong.
        """
        from autodiff.vision.datasets.download import fetch, matches  # loads http

        for name, md5 in self.checksums.items():
            path = self.raw_folder / name
            if not path.with_suffix("").exists() and not matches(path, md5):
                fetch([mirror + name for mirror in self.mirrors], path, md5)

    def _file(self, name: str) -> Path:
        packed = self.raw_folder / name
        for path in (packed.with_suffix(""), packed):
            if path.exists():
                return path
        raise errors.vision.not_there(type(self).__name__, packed, self.mirrors[0] + name)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image: Any = image_from(self.data.value[index])
        target: Any = int(self.targets.value[index])
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def __len__(self) -> int:
        return len(self.data)


class FashionMNIST(MNIST):
    """70,000 pieces of clothing, 28 x 28 pixels, in the format of `MNIST`.

    Source: H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a novel image dataset for
    benchmarking machine learning algorithms" (2017).
    """

    mirrors = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
    checksums = {  # noqa: RUF012
        "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    }
    classes = (
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot",
    )  # fmt: skip
