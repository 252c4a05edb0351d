"""Where a tensor's elements live."""

from __future__ import annotations

from typing import Any

from autodiff import errors

__all__ = ["device", "get_default_device", "set_default_device"]


class device:  # noqa: N801 - PyTorch's name
    """A place for tensors: ``device("cpu")``, ``device("cuda:0")`` or ``device("cuda", 0)``.

    It can be named whether or not this machine has it; using it is another matter. In a ``with``
    statement it is where tensors are made that name no device.

    Raises:
        RuntimeError: a name that is no kind of device, or a number that is none.

    >>> import autodiff as ad
    >>> ad.device("cpu"), ad.device("cuda:0")
    (device(type='cpu'), device(type='cuda', index=0))
    """

    __slots__ = ("type", "index")

    def __init__(self, place: Any, index: int | None = None) -> None:
        name, colon, number = str(place).partition(":")
        if name not in ("cpu", "cuda"):
            raise errors.devices.unknown_device(place)
        if colon and not (number.isdecimal() and index is None):
            raise errors.devices.device_number(place)
        self.type = name
        self.index = int(number) if number else index

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __enter__(self) -> device:
        _before.append(_default)
        set_default_device(self)
        return self

    def __exit__(self, *_: object) -> None:
        set_default_device(_before.pop())

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type={self.type!r}{index})"


CPU = device("cpu")
_default = CPU
_before: list[device] = []
"""The defaults that end with the ``with`` statements that are now entered."""


def get_default_device() -> device:
    """Where tensors are made when no device is given.

    >>> import autodiff as ad
    >>> ad.get_default_device()
    device(type='cpu')
    """
    return _default


def set_default_device(place: Any) -> None:
    """Set where tensors are made when no device is given; None means the CPU.

    Raises:
        RuntimeError: a name that is no kind of device.
        AssertionError: a GPU, and there is none that can be used.

    >>> import autodiff as ad
    >>> ad.set_default_device("cpu")
    >>> ad.zeros(2).device
    device(type='cpu')
    """
    global _default
    _default = CPU if place is None else available(place)


def wanted(place: Any) -> device:
    """The device asked for, or where nothing was asked for the default device."""
    return _default if place is None else available(place)


def available(place: Any) -> device:
    """The device of that name, if tensors can be there.

    Raises:
        RuntimeError: a name that is no kind of device, or a number that this machine does not have.
        AssertionError: a GPU, and there is none that can be used.
    """
    found = device(place)
    if found.type == "cpu":
        return found
    from autodiff.backends.cuda import driver

    return device("cuda", driver.gpu(found.index or 0).index)
