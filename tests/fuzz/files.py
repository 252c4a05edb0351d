"""Everything that reads files of numbers: save files, safetensors, the data sets, pictures."""

from __future__ import annotations

import gzip
import io
import pickle
import random
import struct
import tarfile
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.utils.safetensors import load_file, save_file
from autodiff.vision import io as pictures
from autodiff.vision.datasets import CIFAR10
from autodiff.vision.datasets.batches import read_batch
from autodiff.vision.datasets.idx import read_idx
from tests.fuzz.damage import damaged
from tests.fuzz.target import Target

__all__ = ["TARGETS"]

FOLDER = tempfile.TemporaryDirectory(prefix="autodiff-fuzz-")


def _file(name: str) -> Path:
    return Path(FOLDER.name) / name


def _target(name: str, sound: Callable[[], bytes], read: Callable[[Path], Any]) -> Target:
    """A target whose inputs are damaged versions of one sound file, read from the file."""
    kept: list[bytes] = []

    def make(chance: random.Random) -> bytes:
        if not kept:
            kept.append(sound())
        return damaged(chance, kept[0])

    def use(data: bytes) -> None:
        path = _file(name)
        path.write_bytes(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read(path)

    return Target(name, make, use, (RuntimeError,))


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
    """A batch as the archive has it: protocol 2, written by another NumPy."""
    content = {"data": np.zeros((2, 3072), np.uint8), "labels": [1, 2], "batch_label": "one of 1"}
    return pickle.dumps(content, protocol=2).replace(b"numpy._core", b"numpy.core")


def _cifar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as packed:
        names = (*CIFAR10.train_list, *CIFAR10.test_list, CIFAR10.meta)
        for name in names:
            content = pickle.dumps({"label_names": ["a"], "labels": [], "data": []}, protocol=2)
            member = tarfile.TarInfo(f"{CIFAR10.base_folder}/{name}")
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
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
    _target("cifar", _cifar, _read_cifar),
    _target("png", lambda: _picture("PNG"), pictures.read_image),
    _target("jpeg", lambda: _picture("JPEG"), pictures.read_image),
]
