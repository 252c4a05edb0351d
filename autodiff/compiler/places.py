"""Which value of the program each array is: arrays are known by their place in memory.

The same place may belong to another array once its memory was freed. So nothing here keeps an
array alive, and what is known of a stretch of memory goes in the moment in which it is freed.
"""

from __future__ import annotations

import weakref
from math import prod
from typing import Any

import numpy as np

from autodiff.arrays import DeviceArray
from autodiff.compiler.program import Value

__all__ = ["Place", "Places", "place_of"]

Place = tuple[int, tuple[int, ...], tuple[int, ...], str]
"""The address of the first element, the shape, the strides of dimensions of several, the dtype."""


class Places:
    """What a recording knows of the arrays that are alive."""

    def __init__(self) -> None:
        self._values: dict[Place, Value] = {}
        self._born: set[Place] = set()
        self._outside: dict[int, Value] = {}
        self._memories: dict[int, tuple[Any, set[Place]]] = {}
        """By the identity of the array that owns the memory: what tells its end, and its places."""
        self._kept: list[Any] = []
        """Arrays in memory of others, whose end nobody tells."""

    def value_at(self, place: Place) -> Value | None:
        return self._values.get(place)

    def put(self, array: Any, value: Value) -> None:
        """Let this array stand for ``value`` from here on."""
        place = place_of(array)
        self._follow(array, place)
        self._values[place] = value

    def put_back(self, place: Place, value: Value | None) -> None:
        """Let a place that was taken since stand again for what it did before, if it is there."""
        if value is None:
            self._values.pop(place, None)
        elif place in self._values:
            self._values[place] = value

    def put_outside(self, array: Any, value: Value) -> None:
        """The same for memory that is there after the call, where writes to it are seen."""
        self.put(array, value)
        self._outside[place_of(array)[0]] = value

    def outside_at(self, array: Any) -> Value | None:
        """The value whose memory, from before the call, begins where the array does."""
        return self._outside.get(place_of(array)[0])

    def note_born(self, array: Any) -> None:
        """Note that the recorded call made an array."""
        place = place_of(array)
        self._follow(array, place)
        self._born.add(place)

    def is_born(self, array: Any) -> bool:
        """Whether the recorded call made the array."""
        return place_of(array) in self._born

    def same_elements(self, array: Any) -> Value | None:
        """The value of an array with these elements in another shape."""
        sought = place_of(array)
        address, shape, _, dtype = sought
        if not array.size or not _is_in_order(sought):
            return None
        for place in list(self._values):
            same = place[0] == address and place[3] == dtype and prod(place[1]) == prod(shape)
            if same and _is_in_order(place):
                return self._values[place]
        return None

    def forget(self, memory: Any) -> None:
        """Views of memory that was written to have to be taken again."""
        first, last = _span(place_of(memory))
        for place in list(self._values):
            start, end = _span(place)
            if start < last and first < end:
                del self._values[place]

    def _follow(self, array: Any, place: Place) -> None:
        """See to it that the place is given up when the memory of the array is freed."""
        owner = _owner(array)
        if owner is None:
            self._kept.append(array)
            return
        if id(owner) not in self._memories:
            itself, number = weakref.ref(self), id(owner)

            def freed(_: Any) -> None:
                if (places := itself()) is not None:
                    places._give_up(number)

            self._memories[number] = weakref.ref(owner, freed), set()
        self._memories[id(owner)][1].add(place)

    def _give_up(self, number: int) -> None:
        for place in self._memories.pop(number)[1]:
            self._values.pop(place, None)
            self._outside.pop(place[0], None)
            self._born.discard(place)


def _owner(array: Any) -> np.ndarray | None:
    """The array that frees the memory of this one when it goes itself, or None."""
    if isinstance(array, DeviceArray):
        return None
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array if array.base is None and array.flags.owndata else None


def place_of(array: Any) -> Place:
    """What tells an array from all others that are alive: where and how it lies in memory."""
    if isinstance(array, DeviceArray):
        address = array.address
    else:
        address = array.__array_interface__["data"][0]
    strides = tuple([s for s, n in zip(array.strides, array.shape, strict=True) if n > 1])
    return address, array.shape, strides, array.dtype.str


def _is_in_order(place: Place) -> bool:
    """Whether the elements lie one after the other, row by row."""
    _, shape, strides, dtype = place
    wanted = np.dtype(dtype).itemsize
    for n, stride in zip([n for n in shape[::-1] if n > 1], strides[::-1], strict=True):
        if stride != wanted:
            return False
        wanted *= n
    return True


def _span(place: Place) -> tuple[int, int]:
    """The addresses of the first byte of an array, and of the first one behind it."""
    address, shape, strides, dtype = place
    if 0 in shape:
        return address, address
    ways = [(n - 1) * s for n, s in zip([n for n in shape if n > 1], strides, strict=True)]
    first = address + sum(way for way in ways if way < 0)
    return first, address + sum(way for way in ways if way > 0) + np.dtype(dtype).itemsize
