"""Nested containers as JSON, and back.

What JSON knows stays as it is: None, booleans, integers, finite floats, strings and lists. The rest
is an object of one key that names the kind: ``{"tuple": [1, 2]}``, ``{"dict": [["lr", 0.1]]}``,
``{"bytes": "AAE="}`` (base 64), ``{"float": "nan"}``, ``{"tensor": 3}``, ``{"dtype": "float32"}``.
"""

from __future__ import annotations

import base64
import math
from collections import OrderedDict
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.device import device
from autodiff.dtypes import dtype
from autodiff.tensor import Size, Tensor

__all__ = ["decoded", "encoded"]

DEPTH = 200


def encoded(value: Any, tensors: list[Any]) -> Any:
    """``value`` as JSON; tensors and arrays in it are added to the list, and stand as numbers.

    Raises:
        TypeError: something in it cannot be stored.
        ValueError: a container contains itself, or they are nested more than 200 deep.
    """
    numbers = {id(x): i for i, x in enumerate(tensors)}

    def encode(x: Any, depth: int) -> Any:
        if depth > DEPTH:
            raise errors.files.contains_itself()
        kind = type(x)
        if isinstance(x, Tensor) or (kind is np.ndarray and x.dtype in dtypes.supported()):
            if id(x) not in numbers:
                numbers[id(x)] = len(tensors)
                tensors.append(x)
            return {"tensor": numbers[id(x)]}
        if x is None or kind in (bool, int, str) or (kind is float and math.isfinite(x)):
            return x
        if kind is float:
            return {"float": str(x)}
        if kind is list:
            return [encode(part, depth + 1) for part in x]
        if kind in (tuple, Size):
            return {kind.__name__: [encode(part, depth + 1) for part in x]}
        if kind in (dict, OrderedDict):
            return {
                kind.__name__: [[encode(k, depth + 1), encode(v, depth + 1)] for k, v in x.items()]
            }
        if kind in (bytes, bytearray):
            return {kind.__name__: base64.b64encode(x).decode()}
        if kind is dtype:
            return {"dtype": x.name}
        if kind is device:
            return {"device": str(x)}
        raise errors.files.not_savable(kind.__name__)

    return encode(value, 0)


def decoded(tree: Any, tensors: list[Any]) -> Any:
    """The value that `encoded` turned into ``tree``.

    Raises:
        ValueError, TypeError: the tree is not one of those that `encoded` makes.
    """

    def decode(x: Any, depth: int = 0) -> Any:
        if depth > DEPTH:
            raise ValueError("containers nested too deeply")
        if isinstance(x, list):
            return [decode(part, depth + 1) for part in x]
        if not isinstance(x, dict):
            return x
        if len(x) != 1:
            raise ValueError("an object of several kinds")
        ((kind, content),) = x.items()
        if kind == "tensor":
            return _tensor(content, tensors)
        if kind in SIMPLE:
            if not isinstance(content, str):
                raise ValueError(f"a {kind} that is not written as text")
            return SIMPLE[kind](content)
        if kind in CONTAINERS and isinstance(content, list):
            parts = [decode(part, depth + 1) for part in content]
            return CONTAINERS[kind](parts)
        raise ValueError(f"an object of unknown kind {kind!r:.40}")

    return decode(tree)


def _tensor(number: Any, tensors: list[Any]) -> Any:
    if type(number) is not int or not 0 <= number < len(tensors):
        raise ValueError("a tensor that is not there")
    return tensors[number]


def _special_float(text: str) -> float:
    if text not in ("nan", "inf", "-inf"):
        raise ValueError("a float written as text")
    return float(text)


def _dtype(name: str) -> dtype:
    return next(d for d in vars(dtypes).values() if isinstance(d, dtype) and d.name == name)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


SIMPLE: dict[str, Any] = {
    "float": _special_float, "bytes": _bytes, "bytearray": lambda text: bytearray(_bytes(text)),
    "dtype": _dtype, "device": device,
}  # fmt: skip
CONTAINERS: dict[str, Any] = {
    "tuple": tuple,
    "Size": Size,
    "dict": dict,
    "OrderedDict": OrderedDict,
}
