"""Device memory: blocks that return to the pool they came from, and keep their addresses."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Any, Protocol

from autodiff import errors

__all__ = ["Block", "Borrowed", "Pool", "bucket"]

SMALLEST = 512
STEP = 1 << 20


class Memory(Protocol):
    """What a pool needs of a device."""

    def allocate(self, nbytes: int) -> Any:
        """New memory; raises MemoryError where there is none left."""

    def release(self, memory: Any) -> None:
        """Give memory back to the system."""


class Borrowed:
    """The place of memory that another library owns: nothing is done with it when it is free."""

    def take_back(self, block: Block) -> None:
        pass


@lru_cache(maxsize=4096)
def bucket(nbytes: int) -> int:
    """The size that is reserved for ``nbytes``: a power of two, or whole MiB for large blocks.

    >>> bucket(5), bucket(513), bucket((5 << 20) + 1) >> 20
    (512, 1024, 6)
    """
    if nbytes <= SMALLEST:
        return SMALLEST
    if nbytes <= STEP:
        return 1 << (nbytes - 1).bit_length()
    return -(-nbytes // STEP) * STEP


class Block:
    """A stretch of device memory. It returns to its pool when nothing refers to it any more."""

    __slots__ = ("memory", "nbytes", "pool")

    def __init__(self, memory: Any, nbytes: int, pool: Pool | Borrowed) -> None:
        self.memory, self.nbytes, self.pool = memory, nbytes, pool

    def __del__(self) -> None:
        self.pool.take_back(self)


class Pool:
    """Free blocks by size. A block that was freed is the next one of its size to be handed out.

    All work of a device goes through one stream, in order, so a block may be handed out again while
    the work that used it last is still under way.

    Raises:
        OutOfMemoryError: where no memory is left even after the free blocks were given back.
    """

    def __init__(self, memory: Memory, name: str) -> None:
        self.memory, self.name = memory, name
        self.free: defaultdict[int, list[Any]] = defaultdict(list)
        self.allocated = self.most_allocated = self.reserved = 0

    def allocate(self, nbytes: int) -> Block:
        size = bucket(nbytes)
        waiting = self.free.get(size)
        memory = waiting.pop() if waiting else self._new(size)
        self.allocated += size
        if self.allocated > self.most_allocated:
            self.most_allocated = self.allocated
        return Block(memory, size, self)

    def _new(self, size: int) -> Any:
        try:
            memory = self.memory.allocate(size)
        except MemoryError:
            self.empty()
            try:
                memory = self.memory.allocate(size)
            except MemoryError:
                raise errors.devices.out_of_memory(
                    size, self.name, self.allocated, self.reserved
                ) from None
        self.reserved += size
        return memory

    def take_back(self, block: Block) -> None:
        self.allocated -= block.nbytes
        self.free[block.nbytes].append(block.memory)

    def empty(self) -> None:
        """Give all free blocks back to the system."""
        for size, waiting in self.free.items():
            while waiting:
                self.memory.release(waiting.pop())
                self.reserved -= size
