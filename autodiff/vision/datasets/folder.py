"""Images in folders, one folder for each class."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from autodiff import errors
from autodiff.utils.data.dataset import Dataset
from autodiff.vision.pillow import open_image

__all__ = ["IMG_EXTENSIONS", "DatasetFolder", "ImageFolder", "default_loader"]

IMG_EXTENSIONS = (
    ".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp",
)  # fmt: skip


def default_loader(path: str) -> Any:
    """The picture in a file as a Pillow image of three colours.

    Raises:
        RuntimeError: it is no picture, or a damaged one.
    """
    return open_image(path, "RGB")


class DatasetFolder(Dataset[tuple[Any, Any]]):
    """Files in folders, one folder for each class: ``root/cat/1.png``, ``root/dog/deep/2.png``.

    Args:
        loader: makes a sample from the path of a file.
        extensions: endings of the files to take; or ``is_valid_file`` decides.
        transform: a function applied to each sample.
        target_transform: a function applied to each class number.
        allow_empty: accept a class without files.

    Raises:
        FileNotFoundError: no such folder, no folders in it, or a class without files.

    >>> from pathlib import Path
    >>> from autodiff.vision.datasets import DatasetFolder
    >>> for name in ("cat", "dog"):
    ...     folder = getfixture("tmp_path") / name
    ...     folder.mkdir()
    ...     _ = (folder / "1.txt").write_text(name.upper())
    >>> data = DatasetFolder(getfixture("tmp_path"), lambda path: Path(path).read_text(), (".txt",))
    >>> data.classes, data[1]
    (['cat', 'dog'], ('DOG', 1))
    """

    def __init__(
        self,
        root: str | Path,
        loader: Callable[[str], Any],
        extensions: tuple[str, ...] | None = None,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ) -> None:
        if (extensions is None) == (is_valid_file is None):
            raise errors.vision.extensions_or_function()
        if is_valid_file is None:
            endings = extensions or ()
            is_valid_file = lambda path: path.lower().endswith(tuple(endings))  # noqa: E731
        self.root, self.loader, self.extensions = str(root), loader, extensions
        self.transform, self.target_transform = transform, target_transform
        self.classes, self.class_to_idx = self.find_classes(self.root)
        self.samples: list[tuple[str, int]] = []
        for name in self.classes:
            paths = sorted(p for p in (Path(root) / name).rglob("*") if p.is_file())
            found = [str(p) for p in paths if is_valid_file(str(p))]
            if not found and not allow_empty:
                raise errors.vision.class_without_files(name, self.root, extensions)
            self.samples += [(path, self.class_to_idx[name]) for path in found]
        self.targets = [target for _, target in self.samples]

    def find_classes(self, directory: str) -> tuple[list[str], dict[str, int]]:
        """The names of the classes, sorted, and their numbers.

        Raises:
            FileNotFoundError: no such folder, or no folders in it.
        """
        folder = Path(directory)
        if not folder.is_dir():
            raise errors.vision.no_folder(directory)
        classes = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
        if not classes:
            raise errors.vision.no_classes(directory)
        return classes, {name: number for number, name in enumerate(classes)}

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        path, target = self.samples[index]
        sample: Any = self.loader(path)
        if self.transform is not None:
            sample = self.transform(sample)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return sample, target

    def __len__(self) -> int:
        return len(self.samples)


class ImageFolder(DatasetFolder):
    """Pictures in folders, one folder for each class: ``root/cat/1.png``, ``root/dog/2.png``.

    Each sample is a Pillow image of three colours and the number of its class; ``classes`` are the
    names of the folders, sorted.

    Raises:
        FileNotFoundError: no such folder, no folders in it, or a class without pictures.

    >>> import autodiff as ad
    >>> from autodiff.vision import datasets, utils
    >>> for name in ("cat", "dog"):
    ...     folder = getfixture("tmp_path") / name
    ...     folder.mkdir()
    ...     utils.save_image(ad.rand(3, 8, 8), folder / "1.png")
    >>> data = datasets.ImageFolder(getfixture("tmp_path"))
    >>> len(data), data.classes, data[1][0].size, data[1][1]
    (2, ['cat', 'dog'], (8, 8), 1)
    """

    def __init__(
        self,
        root: str | Path,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        loader: Callable[[str], Any] = default_loader,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ) -> None:
        super().__init__(
            root, loader, IMG_EXTENSIONS if is_valid_file is None else None, transform,
            target_transform, is_valid_file, allow_empty,
        )  # fmt: skip
        self.imgs = self.samples
