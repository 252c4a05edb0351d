"""Element types, with PyTorch's names and its rules for mixing them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors

__all__ = [
    "bool_", "can_cast", "double", "dtype", "finfo", "float16", "float32", "float64",
    "get_default_dtype", "half", "iinfo", "int16", "int32", "int64", "int8", "long",
    "promote_types", "result_type", "set_default_dtype", "short", "uint8",
]  # fmt: skip


class dtype:  # noqa: N801 - PyTorch's name
    """The type of a tensor's elements, such as ``autodiff.float32``. There is one object per type.

    >>> import autodiff as ad
    >>> ad.tensor([1.0]).dtype
    autodiff.float32
    >>> ad.float64.itemsize, ad.int32.is_floating_point
    (8, False)
    """

    __slots__ = ("name", "numpy")

    def __init__(self, name: str, numpy_name: str) -> None:
        self.name = name
        self.numpy = np.dtype(numpy_name)

    @property
    def is_floating_point(self) -> bool:
        """Whether its numbers have fractions."""
        return self.numpy.kind == "f"

    @property
    def itemsize(self) -> int:
        """Bytes per element."""
        return self.numpy.itemsize

    def __repr__(self) -> str:
        return f"autodiff.{self.name}"

    def __reduce__(self) -> str:
        return "bool_" if self.name == "bool" else self.name


float16 = half = dtype("float16", "float16")
float32 = dtype("float32", "float32")
float64 = double = dtype("float64", "float64")
int8 = dtype("int8", "int8")
int16 = short = dtype("int16", "int16")
int32 = dtype("int32", "int32")
int64 = long = dtype("int64", "int64")
uint8 = dtype("uint8", "uint8")
bool_ = dtype("bool", "bool")

_FROM_NUMPY = {
    d.numpy: d for d in (float16, float32, float64, int8, int16, int32, int64, uint8, bool_)
}
_PYTHON = {float: float64, int: int64, bool: bool_}

_default = float32


def get_default_dtype() -> dtype:
    """The type of tensors made from Python floats.

    >>> import autodiff as ad
    >>> ad.get_default_dtype()
    autodiff.float32
    """
    return _default


def set_default_dtype(d: dtype) -> None:
    """Set the type of tensors made from Python floats.

    Raises:
        TypeError: ``d`` is not a floating-point type.

    >>> import autodiff as ad
    >>> ad.set_default_dtype(ad.float64)
    >>> ad.tensor([1.0]).dtype
    autodiff.float64
    >>> ad.set_default_dtype(ad.float32)
    """
    global _default
    if not isinstance(d, dtype) or not d.is_floating_point:
        raise errors.numbers.default_dtype_not_floating(d)
    _default = d


def from_numpy(numpy_dtype: np.dtype) -> dtype:
    """The dtype of a NumPy array.

    Raises:
        TypeError: tensors cannot hold such elements (strings, objects, complex numbers, ...).
    """
    try:
        return _FROM_NUMPY[numpy_dtype]
    except KeyError:
        native = numpy_dtype.newbyteorder("=")
        if native in _FROM_NUMPY:
            return _FROM_NUMPY[native]
        raise errors.numbers.unsupported_dtype(numpy_dtype) from None


def supported() -> tuple[np.dtype, ...]:
    """NumPy's dtypes of the elements that tensors hold."""
    return tuple(_FROM_NUMPY)


def as_dtype(d: Any) -> dtype:
    """``d`` as a dtype: one of ours, Python's float, int or bool, or anything NumPy knows."""
    if isinstance(d, dtype):
        return d
    if d in _PYTHON:
        return _PYTHON[d]
    try:
        return from_numpy(np.dtype(d))
    except TypeError:
        raise errors.numbers.unsupported_dtype(d) from None


def is_number(x: Any) -> bool:
    """Whether ``x`` is a single number of Python or NumPy, and no array."""
    return isinstance(x, (int, float, np.generic))


def is_bool(value: Any) -> bool:
    """Whether a number or an array holds truth values."""
    return isinstance(value, bool) or getattr(value, "dtype", None) == bool_.numpy


def kind_of(value: Any) -> str:
    """The kind of a number or an array: "b" for truth values, "i" or "u" for integers, or "f"."""
    dtype = getattr(value, "dtype", None)
    return (np.asarray(value).dtype if dtype is None else dtype).kind


_CATEGORY = {"b": 0, "i": 1, "u": 1, "f": 2}


def _rank(value: Any) -> tuple[int, np.dtype | None]:
    """A value's category (bool < integer < float) and its own dtype, None for Python numbers."""
    if isinstance(value, bool):
        return 0, None
    if isinstance(value, int):
        return 1, None
    if isinstance(value, float):
        return 2, None
    return _CATEGORY[value.dtype.kind], value.dtype


def result_dtype(values: Any) -> np.dtype:
    """The element type that PyTorch computes in for these operands.

    Tensors with dimensions decide first; a zero-dimensional tensor, and after it a Python number,
    only raises the category (bool < integer < float).
    Source: PyTorch documentation, "Tensor Attributes", type promotion.
    """
    groups: list[list[np.dtype]] = [[], [], []]
    categories = [-1, -1, -1]
    for value in values:
        category, own = _rank(value)
        priority = 2 if own is None else (1 if value.ndim == 0 else 0)
        categories[priority] = max(categories[priority], category)
        if own is None:
            own = (bool_.numpy, int64.numpy, _default.numpy)[category]
        groups[priority].append(own)
    highest = -1
    result: np.dtype | None = None
    for group, category in zip(groups, categories, strict=True):
        if category > highest:
            highest = category
            result = _promote([d for d in group if _CATEGORY[d.kind] == category], group)
    assert result is not None
    return result


def _promote(strongest: list[np.dtype], group: list[np.dtype]) -> np.dtype:
    """The common type of one group; integers never widen a float (int64 with float32: float32)."""
    candidates = strongest if strongest[0].kind == "f" else group
    result = candidates[0]
    for other in candidates[1:]:
        result = np.promote_types(result, other)
    return result


def can_cast(from_: dtype, to: dtype) -> bool:
    """Whether PyTorch writes results of one type into a tensor of the other.

    Floats do not become integers, nor anything a truth value; within a category all goes.

    >>> import autodiff as ad
    >>> ad.can_cast(ad.float64, ad.float32), ad.can_cast(ad.float32, ad.int64)
    (True, False)
    """
    return _CATEGORY[from_.numpy.kind] <= _CATEGORY[to.numpy.kind]


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The type that tensors of these two types are computed in together.

    >>> import autodiff as ad
    >>> ad.promote_types(ad.int64, ad.float32)
    autodiff.float32
    """
    return from_numpy(result_dtype([np.empty(1, type1.numpy), np.empty(1, type2.numpy)]))


def result_type(tensor1: Any, tensor2: Any) -> dtype:
    """The type of a result of these two operands: tensors, or Python's numbers.

    >>> import autodiff as ad
    >>> ad.result_type(ad.tensor([1, 2]), 1.0)
    autodiff.float32
    """
    return from_numpy(result_dtype([getattr(x, "value", x) for x in (tensor1, tensor2)]))


class finfo:  # noqa: N801 - PyTorch's name
    """Limits of a floating-point type: ``eps``, ``max``, ``min``, ``tiny``, ``bits``.

    Raises:
        TypeError: not a floating-point type.

    >>> import autodiff as ad
    >>> ad.finfo(ad.float32).eps
    1.1920928955078125e-07
    """

    def __init__(self, d: dtype | None = None) -> None:
        d = d or _default
        if not d.is_floating_point:
            raise errors.numbers.no_limits("finfo", d, "use iinfo() for integers.")
        info = np.finfo(d.numpy)
        self.dtype, self.bits = d.name, info.bits
        self.eps = float(info.eps)
        self.max = float(info.max)
        self.min = float(info.min)
        self.tiny = self.smallest_normal = float(info.tiny)
        self.resolution = float(f"1e-{info.precision}")

    def __repr__(self) -> str:
        names = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
        values = "".join(f"{name}={getattr(self, name):g}, " for name in names)
        return f"finfo({values}dtype={self.dtype})"


class iinfo:  # noqa: N801 - PyTorch's name
    """Limits of an integer type: ``max``, ``min``, ``bits``.

    Raises:
        TypeError: not an integer type.

    >>> import autodiff as ad
    >>> ad.iinfo(ad.int8)
    iinfo(min=-128, max=127, dtype=int8)
    """

    def __init__(self, d: dtype) -> None:
        if d.numpy.kind not in "iu":
            raise errors.numbers.no_limits("iinfo", d, "use finfo() for floating-point types.")
        info = np.iinfo(d.numpy)
        self.dtype, self.bits, self.max, self.min = d.name, info.bits, int(info.max), int(info.min)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
