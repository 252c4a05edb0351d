"""``save`` and ``load``: a zip archive of one JSON file and one .npy file per storage.

The archive holds ``tree.json`` and ``storages/0.npy``, ``storages/1.npy``, ...; nothing is
compressed. ``tree.json`` is an object with four keys: ``format`` ("autodiff"), ``version`` (1),
``tensors`` (for each tensor its place in a storage, its kind, and whether it requires grad) and
``value`` (what was saved, see `autodiff.serialization.tree`). Any program that reads zip, JSON and
.npy can read it; ``numpy.load(path)["storages/0"]`` shows the first tensor.
"""

from __future__ import annotations

import ast
import io
import json
import math
import os
import secrets
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.arrays import on_cpu, placed
from autodiff.device import CPU, available, device
from autodiff.serialization.storage import array_at, stored
from autodiff.serialization.tree import decoded, encoded
from autodiff.tensor import Tensor

__all__ = ["atomically", "load", "save"]

TREE = "tree.json"
MAX_HEADER = 10_000
PART = 2**24
"""Bytes read at a time, so that little is in memory beside the array itself."""
DTYPES = {d.str: d for d in dtypes.supported()}


def save(obj: Any, f: str | os.PathLike[str] | IO[bytes]) -> None:
    """Write tensors, and containers of them, to a file that `load` reads.

    Args:
        obj: tensors, arrays, numbers, strings, bytes, None, dtypes, devices, and lists, tuples,
            dicts and OrderedDicts of them, as in the state_dict() of a model or an optimizer.
            Tensors keep dtype, shape, strides and requires_grad, and those that share memory will
            share it again. Gradients and graphs are not saved.
        f: a path, or an open binary file. At a path the file appears when it is complete; until
            then, and when writing fails, what was there before stays.

    Raises:
        TypeError: a value of another kind, such as a whole model.
        ValueError: a container that contains itself.

    The file is a zip archive of JSON and .npy members: no pickle, so nothing in it can run.

    >>> import io, autodiff as ad
    >>> file = io.BytesIO()
    >>> ad.save({"w": ad.ones(2), "epoch": 3}, file)
    >>> _ = file.seek(0)
    >>> ad.load(file)
    {'w': tensor([1., 1.]), 'epoch': 3}
    """
    tensors: list[Any] = []
    value = encoded(obj, tensors)
    storages, places = stored([on_cpu(getattr(x, "value", x)) for x in tensors])
    for place, x in zip(places, tensors, strict=True):
        place |= {"kind": _kind(x), "requires_grad": getattr(x, "requires_grad", False)}
    tree = {"format": "autodiff", "version": 1, "tensors": places, "value": value}
    text = json.dumps(tree, allow_nan=False)
    if isinstance(f, (str, os.PathLike)):
        atomically(Path(f), lambda file: _write(file, text, storages))
    else:
        _write(f, text, storages)


def _write(file: IO[bytes], text: str, storages: list[np.ndarray]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(TREE, text)
        for i, storage in enumerate(storages):
            with archive.open(f"storages/{i}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, storage, allow_pickle=False)


def atomically(path: Path, write: Callable[[IO[bytes]], object], durable: bool = True) -> None:
    """Let ``write`` fill a temporary file beside ``path``, which takes its place when complete.

    Unless it is ``durable``, a loss of power soon after may cost it.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(temporary, "xb") as file:
            write(file)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def load(
    f: str | os.PathLike[str] | IO[bytes],
    map_location: Any = None,
    *,
    weights_only: bool = True,
) -> Any:
    """Read what `save` wrote. Nothing in a file can make this run code.

    Args:
        f: a path, or an open binary file that can seek.
        map_location: the device for the tensors; they stay on the CPU where it is None. A dict or
            a function from one device to another is accepted, as in PyTorch.
        weights_only: accepted for programs written for PyTorch. Files hold data only, so both
            values mean the same.

    Raises:
        OSError: the file cannot be opened (FileNotFoundError where there is none).
        RuntimeError: it is no file of `save`, or it is damaged; whatever is wrong inside. Or
            ``map_location`` is a device that this machine does not have.

    Memory: at most a small multiple of the size of the file is used, whatever the file claims.

    >>> import io
    >>> import autodiff as ad
    >>> file = io.BytesIO()
    >>> ad.save({"w": ad.tensor([1.0, 2.0])}, file)
    >>> _ = file.seek(0)
    >>> ad.load(file)
    {'w': tensor([1., 2.])}
    """
    if not (map_location is None or callable(map_location) or isinstance(map_location, dict)):
        try:
            place = available(map_location)
        except AssertionError:
            raise errors.files.no_such_device(map_location) from None
    else:
        place = CPU
    if isinstance(f, (str, os.PathLike)):
        with open(f, "rb") as file:
            return _read(file, place)
    return _read(f, place)


def _read(file: IO[bytes], device: device) -> Any:
    try:
        with zipfile.ZipFile(file) as archive:
            return _read_archive(archive, file.seek(0, io.SEEK_END), device)
    except RecursionError:
        raise errors.files.not_a_save_file("its containers are nested too deeply") from None
    except UNSOUND as error:
        raise errors.files.not_a_save_file(_reason(error)) from None


UNSOUND = (
    zipfile.BadZipFile, ValueError, TypeError, KeyError, StopIteration, EOFError, IndexError,
    OverflowError, NotImplementedError, SyntaxError, AttributeError, MemoryError, struct.error,
    OSError,
)  # fmt: skip
"""What parts of the standard library and of NumPy raise when what they read makes no sense."""


def _reason(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return text[:200].rstrip(".")


def _read_archive(archive: zipfile.ZipFile, file_size: int, device: device) -> Any:
    members = {info.filename: info for info in archive.infolist()}
    if any(name.endswith("data.pkl") for name in members):
        raise errors.files.pytorch_file()
    if any(info.compress_type != zipfile.ZIP_STORED for info in members.values()):
        raise ValueError("it has compressed parts")
    if sum(info.file_size for info in members.values()) > file_size:
        raise ValueError("its parts are larger than the whole")
    tree = json.loads(archive.read(TREE))
    if tree["format"] != "autodiff" or tree["version"] != 1:
        raise ValueError("another format, or a newer version of it")
    storages: list[np.ndarray] = []
    while (name := f"storages/{len(storages)}.npy") in members:
        with archive.open(name) as member:
            storages.append(_array(member, members[name].file_size))
    tensors = [_tensor(place, storages, device) for place in tree["tensors"]]
    return decoded(tree["value"], tensors)


def _array(member: IO[bytes], size: int) -> np.ndarray:
    """The array in a .npy file of version 1.0 that is ``size`` bytes long.

    Raises:
        ValueError: no such array, or not exactly its elements follow.
    """
    begin = member.read(10)
    start = 10 + int.from_bytes(begin[8:10], "little")
    if begin[:8] != b"\x93NUMPY\x01\x00" or start > MAX_HEADER:
        raise ValueError("a part that is no .npy file of version 1.0")
    header = ast.literal_eval(member.read(start - 10).decode("latin-1"))
    dtype, shape = DTYPES[header["descr"]], header["shape"]
    if header["fortran_order"] or not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError("an array of another layout")
    if math.prod(shape) * dtype.itemsize != size - start:
        raise ValueError("the size of an array does not fit its shape")
    data = bytearray(size - start)
    for i in range(0, len(data), PART):
        memoryview(data)[i : i + PART] = member.read(PART)  # a ValueError where it ends too early
    if member.read(1):  # which also compares the checksum
        raise ValueError("a part that is longer than it says")
    return np.frombuffer(data, dtype).reshape(shape)


def _tensor(place: Any, storages: list[np.ndarray], device: device) -> Any:
    from autodiff.nn import Parameter

    array, kind, requires_grad = array_at(place, storages), place["kind"], place["requires_grad"]
    if kind == "ndarray":
        return array
    array = placed(array, device)
    if kind == "Parameter":
        return Parameter(Tensor._wrap(array), requires_grad)
    if kind != "Tensor":
        raise ValueError("a tensor of unknown kind")
    x = Tensor._wrap(array)
    x.requires_grad = requires_grad
    return x


def _kind(x: Any) -> str:
    from autodiff.nn import Parameter

    if isinstance(x, Tensor):
        return "Parameter" if isinstance(x, Parameter) else "Tensor"
    return "ndarray"
