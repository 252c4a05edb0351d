"""A reader for the batches of CIFAR, which are pickles, that cannot run anything.

Python's pickle calls whatever function a file names. This reader knows the instructions that these
batches consist of, from lists of numbers to NumPy arrays of bytes, and refuses all others. Python's
own `pickletools` takes a file apart into instructions, without acting on them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from autodiff import errors

__all__ = ["read_batch"]

LARGEST = 1 << 28

RECONSTRUCT = "numpy.core.multiarray _reconstruct"
NDARRAY = "numpy ndarray"
DTYPE = "numpy dtype"

NUMBERS_AND_STRINGS = {
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "STRING", "BINSTRING",
    "SHORT_BINSTRING", "UNICODE", "BINUNICODE",
}  # fmt: skip
CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}


class _Name:
    """A function or class that the file refers to by its name, which is all that is kept of it."""

    def __init__(self, name: str) -> None:
        if name not in (RECONSTRUCT, NDARRAY, DTYPE):
            raise ValueError(f"it wants to call {name}")
        self.name = name


class _Bytes:
    """The dtype of unsigned bytes."""


class _Array:
    """An array that the file describes in two steps: that there is one, and what is in it."""

    value: np.ndarray


_MARK = object()


def read_batch(path: Path) -> dict[str, Any]:
    """The dictionary in a file, with arrays of bytes, lists, numbers and strings.

    Raises:
        RuntimeError: there is anything else in it.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST)
    try:
        found = _read(data)
        if not isinstance(found, dict):
            raise ValueError("it holds no dictionary")
        return {k: v.value if isinstance(v, _Array) else v for k, v in found.items()}
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError) as error:
        raise errors.vision.damaged_file(path, str(error)) from None


def _read(data: bytes) -> Any:
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    value: Any
    import pickletools

    for instruction, value, _ in pickletools.genops(data):
        name = instruction.name
        if name in NUMBERS_AND_STRINGS:
            stack.append(value)
        elif name in CONSTANTS:
            stack.append(CONSTANTS[name])
        elif name == "GLOBAL":
            stack.append(_Name(value))
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            memo[value] = stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            stack.append(memo[value])
        elif name == "MARK":
            stack.append(_MARK)
        elif name in ("EMPTY_LIST", "EMPTY_DICT", "EMPTY_TUPLE"):
            stack.append({"EMPTY_LIST": list, "EMPTY_DICT": dict, "EMPTY_TUPLE": tuple}[name]())
        elif name in ("TUPLE", "LIST", "DICT"):
            parts = _to_mark(stack)
            stack.append(_pairs(parts) if name == "DICT" else parts)
            if name == "TUPLE":
                stack[-1] = tuple(parts)
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            count = int(name[-1])
            stack[-count:] = [tuple(stack[-count:])]
        elif name in ("APPEND", "APPENDS"):
            parts = [stack.pop()] if name == "APPEND" else _to_mark(stack)
            _expect(stack[-1], list).extend(parts)
        elif name in ("SETITEM", "SETITEMS"):
            parts = _to_mark(stack) if name == "SETITEMS" else [stack.pop(), stack.pop()][::-1]
            _expect(stack[-1], dict).update(_pairs(parts))
        elif name == "REDUCE":
            arguments, function = stack.pop(), stack.pop()
            stack.append(_made(_expect(function, _Name).name, arguments))
        elif name == "BUILD":
            state = stack.pop()
            if isinstance(stack[-1], _Array):
                stack[-1].value = _filled(state)
            else:
                _expect(stack[-1], _Bytes)
        elif name == "STOP":
            return stack[-1]
        elif name != "PROTO":
            raise ValueError(f"it has the instruction {name}")
    raise ValueError("it ends too early")


def _expect(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueError(f"it has {type(value).__name__} in the place of {kind.__name__}")
    return value


def _to_mark(stack: list[Any]) -> list[Any]:
    """Take off the stack what was put on it since the last mark."""
    at = max(i for i, value in enumerate(stack) if value is _MARK)
    parts = stack[at + 1 :]
    del stack[at:]
    return parts


def _pairs(parts: list[Any]) -> dict[str, Any]:
    keys, values = parts[::2], parts[1::2]
    if len(parts) % 2 or not all(isinstance(key, str) for key in keys):
        raise ValueError("it has a dictionary of something else than names")
    return dict(zip(keys, values, strict=True))


def _made(name: str, arguments: Any) -> Any:
    if name == DTYPE and arguments[0] in ("u1", "|u1"):
        return _Bytes()
    if name == RECONSTRUCT and arguments[0].name == NDARRAY:
        return _Array()
    raise ValueError(f"it wants {name} of {arguments}")


def _filled(state: Any) -> np.ndarray:
    _, shape, dtype, columns_first, content = _expect(state, tuple)
    _expect(dtype, _Bytes)
    values = np.frombuffer(_expect(content, str).encode("latin-1"), np.uint8)
    if values.size > LARGEST or any(_expect(n, int) < 0 for n in shape):
        raise ValueError(f"it has an array of shape {shape}")
    return values.reshape(shape, order="F" if columns_first else "C")
