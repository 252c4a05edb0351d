"""Loops with sin and cos, for arguments that are not huge.

Huge arguments need a branch, and a loop with a branch is not put into vectors. So such a loop is
compiled twice. The first version takes all arguments to be near, notes the farthest, and says in
the end whether that was near enough; if not, the loop runs again as it is written.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any

from autodiff.compiler import mathematics

__all__ = ["near_version"]

NEAR = {"sin": mathematics.sin_near, "cos": mathematics.cos_near}


def near_version(function: Callable[..., None]) -> Callable[..., bool] | None:
    """The loop for near arguments, which returns whether all were; None where it asks for none.

    A loop that runs again must not write to what it reads.
    """
    known = function.__globals__
    names = {name for name in NEAR if known.get(name) is getattr(mathematics, name)}
    if not names.intersection(function.__code__.co_names):
        return None
    (tree,) = ast.parse(inspect.getsource(function)).body
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list = []
    for argument in tree.args.args:
        argument.annotation = None
    _Near(names).visit(tree)
    tree.body = [
        *ast.parse("farthest = size_of(0)").body,
        *tree.body,
        *ast.parse("return farthest < FAR_SIZE").body,
    ]
    found: dict[str, Any] = {
        **known, **{f"{name}_near": NEAR[name] for name in names},
        "size_of": mathematics.size_of, "FAR_SIZE": mathematics.FAR_SIZE,
    }  # fmt: skip
    exec(ast.unparse(ast.fix_missing_locations(tree)), found)
    return found[tree.name]


class _Near(ast.NodeTransformer):
    """Puts sin_near for sin, and before each statement that has one a note of its argument."""

    def __init__(self, names: set[str]) -> None:
        self.names = names
        self.arguments: list[ast.expr] = []

    def visit_Assign(self, node: ast.Assign) -> Any:
        return self._noted(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        return self._noted(node)

    def _noted(self, node: Any) -> list[ast.stmt]:
        self.arguments = []
        self.generic_visit(node)
        notes = [f"farthest = max(farthest, size_of({ast.unparse(x)}))" for x in self.arguments]
        return [*ast.parse("\n".join(notes)).body, node]

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in self.names:
            self.arguments += node.args
            node.func.id += "_near"
        return node
