"""Names: what the program that asked for a picture calls its values."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["Names", "variables_of_caller"]


class Names:
    """Looks up the name of a value by the node that computed it, or by the value itself.

    Names given by ``params`` come first, then the variables of the caller: locals before globals,
    without those that start with an underscore. What lists hold is named by place, as in ``w[0]``,
    and the parameters of a module after it, as in ``model.0.weight``.
    """

    def __init__(
        self, variables: Mapping[str, Any], params: Mapping[str, Any] | None, world: Any = None
    ) -> None:
        self._world = world
        self._by_node: dict[Any, str] = {}
        self._by_id: dict[int, str] = {}
        self._constants: dict[int, str] = {}
        self._variables: dict[Any, Any] = {}
        self._modules: dict[int, str] = {}
        self._kept = (variables, params)  # an id is only good while its object lives
        for name, value in (params or {}).items():
            self._add(name, value)
        visible = {
            name: value
            for name, value in variables.items()
            if name.isidentifier() and not name.startswith("_")
        }
        for name, value in visible.items():
            self._add(name, value)
        for name, value in visible.items():
            if isinstance(value, (list, tuple)):
                for i, item in enumerate(value):
                    self._add(f"{name}[{i}]", item)
            named_parameters = getattr(value, "named_parameters", None)
            if callable(named_parameters) and not isinstance(value, type):
                for inner, parameter in _listed(named_parameters):
                    self._add(f"{name}.{inner}", parameter)
                for inner, module in _listed(getattr(value, "named_modules", list)):
                    self._modules.setdefault(id(module), f"{name}.{inner}" if inner else name)

    @classmethod
    def of_caller(cls, params: Mapping[str, Any] | None, x: Any = None, depth: int = 2) -> Names:
        """The names in the function that called the function that asks.

        ``x``: what is to be drawn; where an adapter reads it, other values are looked up there.
        """
        return cls(variables_of_caller(depth + 1), params, getattr(x, "world", None))

    def _add(self, name: str, value: Any) -> None:
        if self._world is not None:
            value = self._world.get(value)
        if not hasattr(value, "grad_fn"):
            return
        node = value.grad_fn
        if node is None:
            self._by_id.setdefault(id(value), name)
            array = getattr(value, "value", None)
            if hasattr(array, "shape"):  # equal floats can be one object: they have no names
                self._by_id.setdefault(id(array), name)
                if not value.requires_grad:
                    self._constants.setdefault(id(array), name)
        else:
            key = (node, getattr(value, "output_nr", 0))
            self._by_node.setdefault(key, name)
            self._variables.setdefault(key, value)

    def of_output(self, node: Any, nr: int = 0) -> str | None:
        """The name of output ``nr`` of a node."""
        return self._by_node.get((node, nr))

    def variable_of(self, node: Any, nr: int = 0) -> Any:
        """The caller's own variable that holds output ``nr`` of a node."""
        return self._variables.get((node, nr))

    def of_value(self, value: Any) -> str | None:
        """The name of a leaf or of a constant."""
        return self._by_id.get(id(value))

    def of_constant(self, value: Any) -> str | None:
        """The name of a constant; where a leaf shares its memory, the name is not the leaf's."""
        return self._constants.get(id(value)) or self.of_value(value)

    def of_module(self, module: Any) -> str | None:
        """The name of a module, or of one inside of it."""
        return self._modules.get(id(module))


def variables_of_caller(depth: int = 2) -> dict[str, Any]:
    """The variables of the function that called the function that asks: locals before globals."""
    frame = sys._getframe(depth)
    variables = dict(frame.f_locals)
    for name, value in frame.f_globals.items():
        variables.setdefault(name, value)
    return variables


def _listed(named_parts: Any) -> Iterable[tuple[str, Any]]:
    try:
        return list(named_parts())
    except Exception:  # an object that only looks like a module names nothing
        return []
