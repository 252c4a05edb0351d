"""How long a learner waits: importing the core, and the first graph of a lesson on the screen."""

from __future__ import annotations

import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 7


def import_seconds() -> float:
    """Median seconds of ``import autodiff`` in a fresh interpreter, the interpreter's own start
    taken off."""
    return _median_run("import autodiff") - _median_run("pass")


def _median_run(code: str) -> float:
    """Median seconds of a process, with Python's bytecode on disk as for everybody but the first.

    It goes into a folder of its own, also where the environment forbids to write it.
    """
    times = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(RUNS + 1):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, env=environment)
            times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def first_graph_seconds(lesson: str = "chain-rule", sign: str = "└─") -> float:
    """Median seconds from the command to the first graph of a lesson, in a terminal of its own.

    Steps forward at once until ``sign``, a part of the first graph, has been printed.
    """
    return statistics.median(_first_graph(lesson, sign) for _ in range(3))


def _first_graph(lesson: str, sign: str) -> float:
    with tempfile.TemporaryDirectory() as home:
        start = time.perf_counter()
        process, terminal = pty.fork()
        if process == 0:
            os.environ["AUTODIFF_HOME"] = home
            command = [sys.executable, "-m", "lessons.cli", "learn", lesson]
            os.execv(sys.executable, command)
        shown = ""
        while sign not in shown:
            shown += os.read(terminal, 65536).decode(errors="replace")
            os.write(terminal, b"\n")
        elapsed = time.perf_counter() - start
        os.write(terminal, b"q")
        os.close(terminal)
        os.waitpid(process, 0)
    return elapsed
