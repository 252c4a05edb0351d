"""``autodiff render``: a picture of what a script computes, without a change to the script."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import viz
from autodiff.autograd.graph import record_lines

__all__ = ["KINDS", "RenderError", "render", "save"]

KINDS = ("graph", "grad_fn", "backward", "why")


class RenderError(Exception):
    """Why there is no picture, in words for the person who asked for one."""


class _Reached(BaseException):
    """The script came to the backward pass to draw. Not an Exception: no script may catch it."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self.variables = variables


def render(
    script: str,
    of: str,
    what: str = "graph",
    looks: Mapping[str, Any] | None = None,
    lines: bool = False,
) -> viz.Picture:
    """Run ``script`` and draw its variable ``of``.

    For "backward" the script runs until it calls ``backward()`` on that variable, whose graph is
    then still whole; for other pictures it runs to its end.

    Args:
        script: the path of a Python program.
        of: the name of one of its variables.
        what: one of `KINDS`.
        looks: arguments of the function of `viz` that draws, such as ``{"theme": "dark"}``.
        lines: note the line of the program that made each node, which takes time.

    Raises:
        RenderError: there is no such script or variable, the script failed, or the picture cannot
            be drawn.
    """
    with record_lines() if lines or what == "why" else nullcontext():
        variables = _run(script, of, stop_at_backward=what == "backward")
    if of not in variables:
        raise RenderError(f"{script} has no variable {of!r}.{_candidates(variables)}")
    if not hasattr(variables[of], "grad_fn"):
        kind = type(variables[of]).__name__
        raise RenderError(f"{of!r} is of type {kind}, not a tensor or a Scalar.")
    try:
        return _picture(what, of, variables, looks or {})
    except (RuntimeError, ValueError) as error:
        raise RenderError(str(error)) from None


def save(picture: viz.Picture, output: str) -> None:
    """Write a picture to a file.

    Raises:
        RenderError: it cannot be drawn or written.
    """
    try:
        picture.save(output)
    except (OSError, RuntimeError, ValueError) as error:
        raise RenderError(str(error)) from None


def _picture(
    what: str, of: str, variables: Mapping[str, Any], looks: Mapping[str, Any]
) -> viz.Picture:
    """Call viz from a place that has the script's variables, so that it finds their names."""
    if what == "why":
        looks = {"theme": looks.get("theme", "light")}
    place = {**variables, "__draw__": getattr(viz, what), "__looks__": looks}
    return eval(f"__draw__({of}, **__looks__)", place)


def _run(script: str, of: str, stop_at_backward: bool) -> Mapping[str, Any]:
    """The variables of the script at its end, or where it differentiates the variable ``of``."""
    path = Path(script)
    try:
        program = compile(path.read_text(encoding="utf-8"), script, "exec")
    except OSError as error:
        raise RenderError(f"cannot read {script!r}: {error.strerror}.") from None
    except (SyntaxError, ValueError) as error:
        raise RenderError(f"{script} is not a Python program: {error}.") from None
    variables: dict[str, Any] = {"__name__": "__main__", "__file__": script}
    try:
        with _as_a_script(path), _watched_backward(of, stop_at_backward):
            exec(program, variables)
    except _Reached as reached:
        return reached.variables
    except SystemExit:
        return variables
    except Exception as error:
        trace = error.__traceback__.tb_next if error.__traceback__ else None
        told = "".join(traceback.format_exception(type(error), error, trace))
        raise RenderError(f"{script} failed, so there is nothing to draw.\n{told}") from None
    return variables


@contextmanager
def _as_a_script(path: Path) -> Iterator[None]:
    """The arguments and the import path that ``python script.py`` would have."""
    arguments, places = sys.argv, list(sys.path)
    try:
        sys.argv = [os.fspath(path)]
        sys.path.insert(0, os.fspath(path.resolve().parent))
        yield
    finally:
        sys.argv, sys.path[:] = arguments, places


@contextmanager
def _watched_backward(of: str, stop: bool) -> Iterator[None]:
    """Leave the script where it calls ``backward()`` on the variable that is to be drawn."""
    from autodiff import autograd

    backward = autograd.backward
    try:
        if stop:
            autograd.backward = _stopping(backward, of)
        yield
    finally:
        autograd.backward = backward


def _stopping(backward: Callable[..., Any], of: str) -> Callable[..., Any]:
    def watched(tensors: Any, *arguments: Any, **options: Any) -> Any:
        frame = sys._getframe(1)
        while frame is not None:
            variables = {**frame.f_globals, **frame.f_locals}
            if variables.get(of) is tensors and frame.f_code.co_filename != __file__:
                raise _Reached(variables)
            frame = frame.f_back  # type: ignore[assignment]
        return backward(tensors, *arguments, **options)

    return watched


def _candidates(variables: Mapping[str, Any]) -> str:
    names = [
        name
        for name, value in variables.items()
        if getattr(value, "grad_fn", None) is not None and not name.startswith("_")
    ]
    return f" It computed: {', '.join(names)}." if names else ""
