"""The files of CIFAR10, made here: the batches and their archive as Python 2 wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autodiff.vision import datasets

__all__ = ["NAMES", "py2", "write_cifar"]

NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip


def py2(values: dict[str, Any], text: bool = False) -> bytes:
    """A dictionary as Python 2's pickle wrote it, as in CIFAR's archive."""
    if text:  # protocol 0, in letters, as batches.meta is written
        items = "".join(
            f"S'{key}'\np{i + 2}\n" + "(lp9\n" + "".join(f"S'{v}'\na" for v in value) + "s"
            for i, (key, value) in enumerate(values.items())
        )
        return f"(dp1\n{items}.".encode()
    out = b"\x80\x02}q\x01("
    for key, value in values.items():
        out += b"U" + bytes([len(key)]) + key.encode() + b"q\x02"
        if isinstance(value, np.ndarray):
            shape = b"".join(b"M" + int(n).to_bytes(2, "little") for n in value.shape)
            out += (
                b"cnumpy.core.multiarray\n_reconstruct\nq\x05cnumpy\nndarray\nq\x06K\x00\x85U\x01b"
            )
            out += (
                b"\x87Rq\x07(K\x01" + shape + b"\x86cnumpy\ndtype\nq\x08U\x02u1K\x00K\x01\x87Rq\x09"
            )
            out += b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T"
            out += value.size.to_bytes(4, "little") + value.tobytes() + b"tb"
        else:
            out += b"]q\x03(" + b"".join(b"K" + bytes([label]) for label in value) + b"e"
    return out + b"u."


def write_cifar(root: Path, labels: Sequence[int] = (2, 0, 9)) -> np.ndarray:
    """Write all batches, each with the same random images of these classes; returns the images."""
    folder = root / datasets.CIFAR10.base_folder
    folder.mkdir(parents=True)
    data = np.random.default_rng(0).integers(0, 256, (len(labels), 3072), np.uint8)
    for name in (*datasets.CIFAR10.train_list, *datasets.CIFAR10.test_list):
        (folder / name).write_bytes(py2({"data": data, "labels": labels}))
    (folder / datasets.CIFAR10.meta).write_bytes(py2({"label_names": NAMES}, text=True))
    return data
