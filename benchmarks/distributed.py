"""How the cost of averaging gradients grows with the number of processes: measured, and modelled.

    python benchmarks/distributed.py

Starts itself as one and as two processes with mpiexec, each computing with one thread. It measures
the all-reduce of arrays of many sizes, and training steps of a perceptron with 1.9 million weights.
Then it fits the alpha-beta model of the ring all-reduce to what two processes took, shows how far
the model is off, and says what it expects of more processes.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

import autodiff as ad
from autodiff import distributed as dist
from autodiff import nn
from autodiff.distributed.world import group_or_default

SIZES = [2**k for k in range(10, 25, 2)]  # bytes
BATCH = 512
ROUNDS, TURNS = 20, 3
ETHERNET = (30e-6, 1 / 1.25e9)
"""Seconds per message and per byte that are usual for a network of 10 Gbit/s."""


def main() -> None:
    if "--measure" in sys.argv:
        measure()
        return
    one, two = {}, {}
    for _ in range(TURNS):
        for best_of, ranks in ((one, 1), (two, 2)):
            keep_best(best_of, launch(ranks))
    console = Console()
    alpha, beta = fit(SIZES, two["all_reduce"])
    console.print(f"alpha = {alpha * 1e6:.1f} µs, beta = {beta * 1e9:.3f} ns per byte")
    console.print(f"of it the check that all ranks call the same: {two['check'] * 1e6:.0f} µs")

    table = Table("bytes", "measured, µs", "model, µs", "error")
    errors = []
    for size, seconds in zip(SIZES, two["all_reduce"], strict=True):
        expected = ring(2, size, alpha, beta)
        errors.append(abs(expected / seconds - 1))
        shown = (f"{size:,}", f"{seconds * 1e6:.0f}", f"{expected * 1e6:.0f}")
        table.add_row(*shown, f"{expected / seconds - 1:+.0%}")
    console.print(table, f"mean error {statistics.mean(errors):.0%}")

    # Both cores compute, so memory is shared as it will be; the wrapper alone, with nobody else,
    # shows what it costs to gather gradients in buckets and to spread them again.
    compute = Curve(two["compute"])
    packing = statistics.median(one["step"][b] - one["compute"][b] for b in one["step"])
    nbytes, hidden = two["bytes"], two["hidden"]

    def step(ranks: int, batch: int, alpha: float, beta: float) -> float:
        """The share of one process, the packing, and what the pass does not hide of the way."""
        return compute(batch / ranks) + packing + (1 - hidden) * ring(ranks, nbytes, alpha, beta)

    table = Table("a step of training", "measured, ms", "model, ms", "error")
    for batch in (BATCH, 2 * BATCH):
        alone, shared = one["compute"][str(batch)], two["compute"][str(batch // 2)]
        both, expected = two["step"][str(batch // 2)], step(2, batch, alpha, beta)
        table.add_row(f"batch {batch}, one process", milliseconds(alone), "", "")
        table.add_row(f"batch {batch}, a half in each of two", milliseconds(shared), "", "")
        shown = (milliseconds(both), milliseconds(expected), f"{expected / both - 1:+.0%}")
        table.add_row(f"  with the exchange of {nbytes / 1e6:.1f} MB", *shown)
    console.print(
        table, f"hidden by the backward pass: {hidden:.0%}; packing: {packing * 1e3:.2f} ms"
    )

    table = Table("processes", "this machine's links, ms", "speedup", "10 Gbit/s, ms", "speedup")
    whole = compute(BATCH)
    table.add_row("1", milliseconds(whole), "1.0", milliseconds(whole), "1.0")
    for ranks in (2, 4, 8, 16, 32):
        times = [step(ranks, BATCH, *link) for link in ((alpha, beta), ETHERNET)]
        shown = [text for t in times for text in (milliseconds(t), f"{whole / t:.1f}")]
        table.add_row(str(ranks), *shown)
    console.print(f"model: one step of batch {BATCH}, each process on a core of its own", table)


def keep_best(best_of: dict, found: dict) -> None:
    """Put the smaller ones of all times into ``best_of``; other programs can only add to them."""
    for name, value in found.items():
        known = best_of.get(name, value)
        if isinstance(value, dict):
            best_of[name] = {key: min(value[key], known[key]) for key in value}
        elif isinstance(value, list):
            best_of[name] = [min(pair) for pair in zip(value, known, strict=True)]
        else:
            best_of[name] = min(value, known)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.2f}"


def ring(ranks: int, nbytes: int, alpha: float, beta: float) -> float:
    """Seconds of a ring all-reduce: 2 (n - 1) messages, each of a part of 1 / n of the bytes."""
    return 2 * (ranks - 1) * (alpha + nbytes / ranks * beta)


def fit(sizes: list[int], seconds: list[float]) -> tuple[float, float]:
    """The alpha and beta with which `ring` fits two processes best, in relative error."""
    weights = 1 / np.array(seconds)
    columns = np.array([[ring(2, size, 1, 0), ring(2, size, 0, 1)] for size in sizes])
    found, *_ = np.linalg.lstsq(columns * weights[:, None], np.ones(len(sizes)), rcond=None)
    return float(found[0]), float(found[1])


class Curve:
    """Seconds of a step by its batch: a straight line through what was measured."""

    def __init__(self, steps: dict[str, float]) -> None:
        batches = np.array([float(batch) for batch in steps])
        seconds = np.array(list(steps.values()))
        self.slope, self.start = np.polyfit(batches, seconds, 1, w=1 / seconds)

    def __call__(self, batch: float) -> float:
        return float(self.start + self.slope * batch)


def launch(ranks: int) -> dict:
    """What ``ranks`` processes measure."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    mpiexec = Path(sys.executable).with_name("mpiexec")
    command = [mpiexec, "-n", str(ranks), sys.executable, __file__, "--measure"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def measure() -> None:
    """Print what this job measures."""
    dist.init_process_group()
    check = best(dist.barrier, 50)
    found = {"check": check, "all_reduce": [reduce_seconds(size) for size in SIZES]}
    batches = (128, 256, BATCH, 2 * BATCH)
    net = nn.Sequential(
        nn.Linear(784, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 10)
    )
    model = nn.parallel.DistributedDataParallel(net, bucket_cap_mb=2)
    optimizer = ad.optim.SGD(model.parameters(), lr=0.01)
    hidden = []

    def compute_seconds(batch: int) -> float:
        x, y = ad.randn(batch, 784), ad.randint(10, (batch,))

        def compute() -> None:
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            optimizer.step()

        return best(compute, 1)

    def step_seconds(batch: int) -> float:
        x, y = ad.randn(batch, 784), ad.randint(10, (batch,))

        def step() -> None:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
            record = model.reductions
            way = sum(b.finished - b.started for b in record.buckets)
            inside = sum(max(min(b.finished, record.waited) - b.started, 0) for b in record.buckets)
            hidden.append(inside / way)

        return best(step, 1)

    found["compute"] = {batch: compute_seconds(batch) for batch in batches}
    found["step"] = {batch: step_seconds(batch) for batch in batches}
    found["hidden"] = statistics.median(hidden)
    found["bytes"] = sum(bucket.nbytes for bucket in model.reductions.buckets)
    if dist.get_rank() == 0:
        print(json.dumps(found))


def reduce_seconds(nbytes: int) -> float:
    """One all-reduce as a bucket of gradients goes, without the check of what others call."""
    group = group_or_default(None)
    x = np.zeros(nbytes // 4, np.float32)

    def reduce() -> None:
        place = group.begin("all_reduce")
        group.wait(group.comm.Iallreduce(group.mpi.IN_PLACE, x), place)

    return best(reduce, max(3, min(200, 2**22 // nbytes)))


def best(function: Callable[[], object], calls: int) -> float:
    """Seconds of a call in the best of several rounds, in which the slowest process counts.

    The best one, not the median: a program beside these only adds, and processes that wait for one
    another in every step suffer from it all at once.
    """
    seconds = ad.zeros(ROUNDS, dtype=ad.float64)
    function()
    for i in range(ROUNDS):
        dist.barrier()
        start = time.perf_counter()
        for _ in range(calls):
            function()
        seconds[i] = (time.perf_counter() - start) / calls
    dist.all_reduce(seconds, dist.ReduceOp.MAX)
    return seconds.min().item()


if __name__ == "__main__":
    main()
