"""Try it: a Python prompt in the middle of a lesson, with the lesson's variables.

Where the system can fork, the prompt is a process of its own: whatever happens there, the lesson
goes on as if nothing had. Elsewhere it gets copies of the variables.
"""

from __future__ import annotations

import code
import contextlib
import copy
import os
import signal
import sys
import textwrap
from collections.abc import Mapping
from types import ModuleType
from typing import Any

__all__ = ["copied", "try_it"]

LEAVE = ("exit", "exit()", "quit", "quit()")

WIDTH = 79

NAMED = 8
"""How many of the lesson's variables are listed."""

BANNER = (
    "Try it: Python, with this lesson's variables{names}. Nothing that you do here changes the "
    "lesson. Draw with print(viz.graph(...)), walk through a pass with viz.backward(...).walk(). "
    "exit, or Ctrl-D, goes back."
)


def try_it(variables: Mapping[str, Any]) -> None:
    """Open the prompt and return when the learner leaves it."""
    if not hasattr(os, "fork"):
        _prompt(copied(variables))
        return
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        # The lesson's process must not be continued twice, whatever happens here.
        try:
            _prompt(dict(variables))
            sys.stdout.flush()
        finally:
            os._exit(0)
    # Ctrl-C is meant for the prompt alone.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        os.waitpid(child, 0)
    finally:
        signal.signal(signal.SIGINT, before)


def copied(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Copies of variables, as far as they can be copied; what they share they go on sharing."""
    memo: dict[int, Any] = {}
    copies = {}
    for name, value in variables.items():
        try:
            copies[name] = value if isinstance(value, ModuleType) else copy.deepcopy(value, memo)
        except Exception:
            copies[name] = value
    return copies


def _prompt(variables: dict[str, Any]) -> None:
    import viz

    variables.setdefault("viz", viz)
    names = [name for name in variables if _own(name, variables[name])]
    told = (
        f": {', '.join(names[:NAMED])}{' and more' if len(names) > NAMED else ''}" if names else ""
    )
    console = _Console(variables)
    _complete(variables)
    with contextlib.suppress(SystemExit):
        console.interact(textwrap.fill(BANNER.format(names=told), WIDTH), exitmsg="")


def _own(name: str, value: Any) -> bool:
    """Whether a variable is one of the lesson's, and no module or function."""
    return not (name.startswith("_") or isinstance(value, ModuleType | type) or callable(value))


class _Console(code.InteractiveConsole):
    def __init__(self, variables: dict[str, Any]) -> None:
        super().__init__(variables, "<try it>")

    def raw_input(self, prompt: str = "") -> str:
        line = input(prompt)
        if line.strip() in LEAVE:
            raise EOFError
        return line

    def write(self, data: str) -> None:
        sys.stdout.write(data)


def _complete(variables: dict[str, Any]) -> None:
    """Let Tab complete the names of variables, where the system has readline."""
    try:
        import readline
        import rlcompleter
    except ImportError:
        return
    readline.set_completer(rlcompleter.Completer(variables).complete)
    readline.parse_and_bind("tab: complete")
