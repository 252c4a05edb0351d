"""Running a program as several processes, with ``mpiexec``, for at most some seconds."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

START = """
import sys
from datetime import timedelta
import numpy as np
import autodiff as ad
from autodiff import distributed as dist, nn

dist.init_process_group(timeout=timedelta(seconds=float(sys.argv.pop())))
rank, size = dist.get_rank(), dist.get_world_size()
"""


@dataclass
class Job:
    """What a job printed, how it ended, and how long it took."""

    code: int
    out: str
    err: str
    seconds: float


def mpiexec() -> str:
    """The launcher of this environment; a test that asks for it is skipped where there is none."""
    pytest.importorskip("mpi4py", reason="mpi4py is not installed: pip install '.[distributed]'")
    beside = Path(sys.executable).parent / "mpiexec"
    found = str(beside) if beside.exists() else shutil.which("mpiexec")
    if found is None:
        pytest.skip("there is no mpiexec")
    return found


def run(
    program: str | Path,
    ranks: int,
    *arguments: str,
    first: str = "",
    timeout: float = 30,
    limit: float = 60,
) -> Job:
    """Run a program, or the text of one, as ``ranks`` processes.

    A text comes after `START`, which joins the job with this ``timeout``, and after what is to be
    ``first``. A job that is not over after ``limit`` seconds fails the test.
    """
    command: list[Any] = [program, *arguments]
    if isinstance(program, str):
        text = textwrap.dedent(first) + START + textwrap.dedent(program)
        command = ["-c", text, str(timeout)]
    environment = os.environ | {
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
    }
    began = time.monotonic()
    process = subprocess.Popen(
        [mpiexec(), "-n", str(ranks), "--oversubscribe", sys.executable, *command],
        env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        pytest.fail(f"the job hung for {limit} s\n{out}\n{err}")
    return Job(process.returncode, out, err, time.monotonic() - began)


def run_well(program: str | Path, ranks: int, *arguments: str) -> str:
    """The same, for a job that must succeed; returns what it printed."""
    job = run(program, ranks, *arguments)
    assert job.code == 0, job.err
    return job.out


def run_parts(ranks: int, **parts: str) -> str:
    """Run several texts as one job, each as a function of its name: starting jobs takes longest."""
    program = ""
    for name, text in parts.items():
        body = textwrap.indent(textwrap.dedent(text), "    ")
        program += f"def {name}():\n{body}\n{name}()\n"
    return run_well(program, ranks)
