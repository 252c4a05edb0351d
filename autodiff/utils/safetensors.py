"""Reading and writing .safetensors files, the format in which most pretrained weights are shared.

Source: github.com/huggingface/safetensors, "Format": 8 bytes with the length of the header
(unsigned, little-endian), the header (JSON: for each name the dtype, the shape and the place of its
bytes), then all the bytes. The names of these functions are those of ``safetensors.torch``.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import IO, Any

import numpy as np

from autodiff import errors
from autodiff.arrays import on_cpu
from autodiff.serialization.archive import atomically
from autodiff.tensor import Tensor

__all__ = ["load_file", "save_file"]

DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"), "F32": np.dtype("<f4"), "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"), "I32": np.dtype("<i4"), "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"), "U8": np.dtype("u1"), "BOOL": np.dtype("?"),
}  # fmt: skip
NAMES = {dtype: name for name, dtype in DTYPES.items()}
MAX_HEADER = 100_000_000


def save_file(
    tensors: dict[str, Tensor],
    filename: str | os.PathLike[str],
    metadata: dict[str, str] | None = None,
) -> None:
    """Write named tensors to a .safetensors file, which appears when it is complete.

    Args:
        tensors: any shapes and dtypes, as in a state_dict(). Each is written on its own, so memory
            that they share is written several times.
        metadata: notes to keep in the header.

    Raises:
        TypeError: a name or a note is not a string, or a value not a tensor.

    >>> import os, tempfile, autodiff as ad
    >>> from autodiff.utils.safetensors import load_file, save_file
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_file({"w": ad.ones(2)}, os.path.join(folder, "w.safetensors"))
    ...     load_file(os.path.join(folder, "w.safetensors"))
    {'w': tensor([1., 1.])}
    """
    header: dict[str, Any] = {}
    if metadata:
        for key, note in metadata.items():
            if not (isinstance(key, str) and isinstance(note, str)):
                raise errors.files.notes_are_strings(key, note)
        header["__metadata__"] = dict(metadata)
    start = 0
    arrays = []
    for name, x in tensors.items():
        if not (isinstance(name, str) and isinstance(x, Tensor)):
            raise errors.files.not_tensors(name, type(x).__name__)
        array = np.ascontiguousarray(on_cpu(x.value)).reshape(x.value.shape)
        stop = start + array.nbytes
        header[name] = {
            "dtype": NAMES[array.dtype.newbyteorder("<")],
            "shape": list(array.shape),
            "data_offsets": [start, stop],
        }
        arrays.append(array)
        start = stop
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that the numbers are aligned

    def write(file: IO[bytes]) -> None:
        file.write(len(text).to_bytes(8, "little") + text)
        for array in arrays:
            file.write(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())

    atomically(Path(filename), write)


def load_file(filename: str | os.PathLike[str], device: Any = "cpu") -> dict[str, Tensor]:
    """The named tensors of a .safetensors file.

    Raises:
        OSError: the file cannot be opened.
        RuntimeError: the file is damaged or of another format, or holds a dtype that tensors do
            not have here (such as BF16).

    >>> import os, tempfile, autodiff as ad
    >>> from autodiff.utils.safetensors import load_file, save_file
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_file({"bias": ad.zeros(3)}, os.path.join(folder, "model.safetensors"))
    ...     load_file(os.path.join(folder, "model.safetensors"))
    {'bias': tensor([0., 0., 0.])}
    """
    data = Path(filename).read_bytes()
    try:
        tensors = _tensors(data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise errors.files.damaged_safetensors(str(error)[:200]) from None
    return {name: x.to(device) for name, x in tensors.items()}


def _tensors(data: bytes) -> dict[str, Tensor]:
    size = int.from_bytes(data[:8], "little")
    if size > min(MAX_HEADER, len(data) - 8):
        raise ValueError("its header is longer than the file")
    header = json.loads(data[8 : 8 + size], object_pairs_hook=_without_duplicates)
    header.pop("__metadata__", None)
    body = memoryview(data)[8 + size :]
    end = 0
    tensors = {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        start, stop = entry["data_offsets"]
        shape, dtype = entry["shape"], DTYPES.get(entry["dtype"])
        if dtype is None:
            raise ValueError(f"{name!r:.60} has dtype {entry['dtype']!r:.20}")
        if not all(type(n) is int and n >= 0 for n in (*shape, start, stop)):
            raise ValueError(f"{name!r:.60} has no proper size")
        if start != end or stop > len(body) or stop - start != math.prod(shape) * dtype.itemsize:
            raise ValueError(f"{name!r:.60} does not lie where it should")
        array = np.frombuffer(bytearray(body[start:stop]), dtype).reshape(shape)
        tensors[name] = Tensor._wrap(array.astype(dtype.newbyteorder("="), copy=False))
        end = stop
    if end != len(body):
        raise ValueError("there is something after the last tensor")
    return {name: tensors[name] for name in header}


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name appears twice in its header")
    return found
