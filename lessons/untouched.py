"""Notices when a learner's file has replaced a part of what checks it."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from autodiff.growing import SUMS
from autodiff.op import Op

__all__ = ["Snapshot"]

PACKAGES = ("autodiff", "builtins", "json", "lessons", "math", "numpy", "viz")
"""What checks are written with."""

REWRITTEN = set(SUMS)
"""What the engine itself replaces, to watch growing sums; ops make their methods when called."""

NOTHING = object()

KINDS = (property, classmethod, staticmethod)


class Snapshot:
    """What the functions, classes and methods of these packages are at this moment.

    >>> import math
    >>> snapshot, sine = Snapshot(), math.sin
    >>> math.sin = math.cos
    >>> snapshot.changed()
    'math.sin'
    >>> math.sin = sine
    >>> snapshot.changed()
    ''
    """

    def __init__(self) -> None:
        modules = {n: m for n, m in sys.modules.items() if n.partition(".")[0] in PACKAGES}
        self._kept: list[tuple[str, Mapping[str, Any], dict[str, Any]]]
        self._kept = [("sys.modules", sys.modules, modules)]
        for where, namespace, hidden in _namespaces(modules):
            self._kept.append((where, namespace, _programs(namespace, hidden)))
        self._functions = [
            (f"{where}.{name}", function, function.__code__, function.__defaults__)
            for where, _, programs in self._kept
            for name, function in programs.items()
            if isinstance(function, FunctionType)
        ]

    def changed(self) -> str:
        """The first name that means something else by now; "" where there is none.

        It calls no function that could have been replaced as well, not even `len`.
        """
        for where, namespace, programs in self._kept:
            for name, program in programs.items():
                if namespace.get(name, NOTHING) is not program:
                    return where + "." + name
        for name, function, code, defaults in self._functions:
            if function.__code__ is not code or function.__defaults__ is not defaults:
                return name
        return ""


def _namespaces(
    modules: dict[str, ModuleType],
) -> Iterator[tuple[str, Mapping[str, Any], Iterable[str]]]:
    """Each module, and each class in it, with the names from elsewhere that it should not hide."""
    for name, module in modules.items():
        yield name, vars(module), vars(builtins)
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == name and not issubclass(value, Op):
                yield f"{name}.{value.__qualname__}", vars(value), dir(value)


def _programs(namespace: Mapping[str, Any], hidden: Iterable[str]) -> dict[str, Any]:
    """The functions and classes in a namespace; NOTHING for what it takes from elsewhere."""
    programs = {name: NOTHING for name in hidden if name not in namespace}
    programs |= {n: v for n, v in namespace.items() if callable(v) or isinstance(v, KINDS)}
    return {
        name: value
        for name, value in programs.items()
        if name not in REWRITTEN and not _made_when_called(value)
    }


def _made_when_called(value: Any) -> bool:
    """Whether this is a method of the engine that, at its `first` call, makes way for another."""
    return isinstance(value, FunctionType) and value.__code__.co_name == "first"
