"""Measuring in processes of their own: one library and one work in each, in turns."""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

__all__ = ["Figures", "Measured", "measure", "measure_together"]

HERE = Path(__file__).parent
THREADS = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
LONGEST = 300
"""Seconds after which a process is given up."""

Figures = dict[str, float]
"""``seconds`` of a call; ``first``: of the first call when nothing is on disk; ``cached``: of the
first call of a new process that finds on disk what another one compiled; ``memory`` in MiB."""

Measured = dict[str, dict[str, Figures]]
"""By work and by peer."""


def measure(peers: list[str], works: Iterable[str], turns: int) -> Measured:
    """Each work with each peer, in turn after turn, and then the memory that it takes.

    The cache on disk is each peer's own, and empty in the first turn: what is compiled eagerly is
    used by compiled functions too.
    """
    measured: Measured = {}
    for name in works:
        with tempfile.TemporaryDirectory() as caches:
            seen: dict[str, list[Figures]] = {}
            for _ in range(turns):
                for peer in peers:
                    figures = in_a_process([peer, name], f"{caches}/{peer}").get(name)
                    if figures:
                        seen.setdefault(peer, []).append(figures)
            measured[name] = {peer: _summed_up(figures) for peer, figures in seen.items()}
            for peer, summed in measured[name].items():
                held = in_a_process(["--memory", peer, name], f"{caches}/{peer}").get(name)
                if held and held["memory"] is not None:
                    summed["memory"] = held["memory"]
            _tell(name, measured[name])
    return measured


def measure_together(peers: list[str], works: Iterable[str], turns: int) -> Measured:
    """The seconds of many short works: those with one first word share a process of each peer."""
    seen: dict[str, dict[str, list[Figures]]] = {}
    with tempfile.TemporaryDirectory() as caches:
        for kind, some in itertools.groupby(works, lambda name: name.split()[0]):
            names = list(some)
            for _, peer in itertools.product(range(turns), peers):
                for name, figures in in_a_process([peer, *names], caches).items():
                    seen.setdefault(name, {}).setdefault(peer, []).append(figures)
            print(f"{kind}: {len(names)} measured", file=sys.stderr, flush=True)
    return {
        name: {peer: _summed_up(figures) for peer, figures in by_peer.items()}
        for name, by_peer in seen.items()
    }


def _tell(work: str, by_peer: dict[str, Figures]) -> None:
    """Show on the error stream how far it is: a whole run takes minutes."""
    times = ", ".join(f"{peer} {figures['seconds']:.3g} s" for peer, figures in by_peer.items())
    print(f"{work}: {times}", file=sys.stderr, flush=True)


def in_a_process(arguments: list[str], caches: str) -> dict[str, Figures]:
    """What `measure.py` found out; nothing if it failed."""
    try:
        done = subprocess.run(
            [sys.executable, HERE / "measure.py", *arguments],
            env={**os.environ, **THREADS, **_caches_in(caches)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=LONGEST,
        )
    except subprocess.SubprocessError as error:
        print(f"{' '.join(arguments)}: {error}"[:400], file=sys.stderr)
        return {}
    return json.loads(done.stdout.splitlines()[-1])


def _caches_in(folder: str) -> dict[str, str]:
    """Where each library is to keep what it compiled."""
    return {
        "AUTODIFF_CACHE": f"{folder}/autodiff",
        "NUMBA_CACHE_DIR": f"{folder}/numba",
        "TORCHINDUCTOR_CACHE_DIR": f"{folder}/inductor",
        "JAX_COMPILATION_CACHE_DIR": f"{folder}/jax",
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        "CACHEDB": f"{folder}/tinygrad.db",
    }


def _summed_up(turns: list[Figures]) -> Figures:
    figures = {
        "seconds": statistics.median(turn["seconds"] for turn in turns),
        "first": turns[0]["first"],
    }
    if len(turns) > 1:
        figures["cached"] = statistics.median(turn["first"] for turn in turns[1:])
    return figures
