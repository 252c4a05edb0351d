"""Everything that reads files of numbers: save files, safetensors, the data sets, pictures."""

from __future__ import annotations

import gzip
import io
import random
import struct
import tarfile
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

import autodiff as ad
from autodiff.utils.safetensors import load_file, save_file
from autodiff.vision import io as pictures
from autodiff.vision.datasets import CIFAR10
from autodiff.vision.datasets.batches import read_batch
from autodiff.vision.datasets.idx import read_idx
from tests.fuzz.damage import damaged
from tests.fuzz.target import Target
from tests.training.cifar import py2, write_cifar

__all__ = ["TARGETS"]

FOLDER = tempfile.TemporaryDirectory(prefix="autodiff-fuzz-")


def _file(name: str) -> Path:
    return Path(FOLDER.name) / name


def _target(name: str, sound: Callable[[], bytes], read: Callable[[Path], Any]) -> Target:
    """A target whose inputs are damaged versions of one sound file, read from the file."""
    sound = cache(sound)

    def make(chance: random.Random) -> bytes:
        return damaged(chance, sound())

    def use(data: bytes) -> None:
        path = _file(name)
        path.write_bytes(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read(path)

    return Target(name, sound, make, use, (RuntimeError,))


def _archive() -> bytes:
    file = io.BytesIO()
    x = ad.arange(12.0).reshape(3, 4)
    model = ad.nn.Linear(2, 3)
    ad.save({"x": x, "row": x[1], "model": model.state_dict(), "rest": [1, 2.5, "a", b"b"]}, file)
    return file.getvalue()


def _safetensors() -> bytes:
    path = _file("sound.safetensors")
    save_file({"w": ad.arange(6.0).reshape(2, 3), "n": ad.tensor(1), "none": ad.zeros(0, 3)}, path)
    return path.read_bytes()


def _idx() -> bytes:
    return bytes([0, 0, 8, 3]) + struct.pack(">3I", 2, 3, 4) + bytes(range(24))


def _batch() -> bytes:
    return py2({"data": np.zeros((2, 3072), np.uint8), "labels": [1, 2]})


def _cifar(mode: Literal["w", "w:gz"]) -> bytes:
    """The archive; without compression, whose checksum fails first, damage gets to the batches."""
    file = io.BytesIO()
    with tempfile.TemporaryDirectory(dir=FOLDER.name) as root:
        write_cifar(Path(root), labels=[7])
        with tarfile.open(fileobj=file, mode=mode) as packed:
            packed.add(Path(root) / CIFAR10.base_folder, CIFAR10.base_folder)
    return file.getvalue()


def _read_cifar(archive: Path) -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER.name) as root:
        (Path(root) / CIFAR10.filename).write_bytes(archive.read_bytes())
        CIFAR10(root)


def _picture(format: str) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.arange(192, dtype=np.uint8).reshape(8, 8, 3)).save(file, format)
    return file.getvalue()


TARGETS = [
    _target("archive", _archive, ad.load),
    _target("safetensors", _safetensors, load_file),
    _target("idx", _idx, lambda path: read_idx(path, 3)),
    _target("idx.gz", lambda: gzip.compress(_idx(), mtime=0), lambda path: read_idx(path, 3)),
    _target("batch", _batch, read_batch),
    _target("cifar", lambda: _cifar("w"), _read_cifar),
    _target("cifar.gz", lambda: _cifar("w:gz"), _read_cifar),
    _target("png", lambda: _picture("PNG"), pictures.read_image),
    _target("jpeg", lambda: _picture("JPEG"), pictures.read_image),
]
