"""Time the GPU backend beside PyTorch's on the same GPU, in one run, and print tables.

    python benchmarks/gpu.py
    python benchmarks/gpu.py --host     what our Python takes, on a machine without a GPU

Needs a GPU, ``autodiff-tutorial[cuda]`` and PyTorch's CUDA build. Everything is timed three ways in
turn (ours, PyTorch eager, PyTorch compiled where that makes sense); shown are medians. Matrix
products and convolutions run in full float32 on both sides, then PyTorch once more with TF32, which
rounds the factors to 10 bits and which our kernels do not use. With AUTODIFF_CUBLAS=1 our products
go through cuBLAS where that is quicker; the table names who computed them.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import driverless
from rich.console import Console
from rich.table import Table

import autodiff as ad
from autodiff.backends.cuda import driver

Step = Callable[[], Any]

TURNS, WARM_UP = 7, 20
LARGE = 1 << 26
"""Elements of the arrays whose bandwidth is measured: 256 MiB, more than any cache holds."""


def seconds(
    step: Step, wait: Step, at_least: float = 0.2, clock: Callable[[], float] = time.perf_counter
) -> float:
    """The median time of one call, over several rounds of as many calls as take a while."""
    for _ in range(WARM_UP):
        step()
    wait()
    count, times = 1, []
    while len(times) < TURNS:
        start = clock()
        for _ in range(count):
            step()
        wait()
        taken = clock() - start
        if taken < at_least and not times:
            count *= 2
        else:
            times.append(taken / count)
    return statistics.median(times)


# -- what is timed: the same lines for both libraries ----------------------------------------------


def mlp(m: Any) -> Any:
    nn = m.nn
    return nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    )


def lenet(m: Any) -> Any:
    nn = m.nn
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def training_step(
    m: Any, model: Any, shape: tuple[int, ...], call: Any = None, set_to_none: bool = False
) -> Step:
    """One step at batch 64 with momentum; ``call`` runs the model in another way.

    With ``set_to_none`` gradients are made anew in each step instead of being set to 0.
    """
    optimizer = m.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    x = m.randn(64, *shape, device="cuda")
    target = m.randint(0, 10, (64,), device="cuda")
    call = call or model

    def step() -> None:
        optimizer.zero_grad(set_to_none)
        m.nn.functional.cross_entropy(call(x), target).backward()
        optimizer.step()

    return step


def captured(m: Any, step: Step) -> Step:
    """The step as one graph, which is captured after it has run a few times."""
    if hasattr(m.cuda, "stream"):  # PyTorch wants the first runs on a stream of their own
        side = m.cuda.Stream()
        with m.cuda.stream(side):
            for _ in range(3):
                step()
        m.cuda.current_stream().wait_stream(side)
    else:
        for _ in range(3):
            step()
    graph = m.cuda.CUDAGraph()
    with m.cuda.graph(graph):
        step()
    return graph.replay


def streams(m: Any) -> dict[str, tuple[Step, int]]:
    """Works that memory bounds, each with the bytes it moves."""
    x, y = (m.randn(LARGE, device="cuda") for _ in range(2))
    rows = x.reshape(-1, 4096)
    return {
        "copy": (lambda: x.clone(), 8 * LARGE),
        "x * y": (lambda: x * y, 12 * LARGE),
        "tanh(x)": (lambda: m.tanh(x), 8 * LARGE),
        "x + row": (lambda: rows + rows[0], 8 * LARGE),
        "sum": (lambda: x.sum(), 4 * LARGE),
        "sum of rows": (lambda: rows.sum(1), 4 * LARGE),
        "sum of columns": (lambda: rows.sum(0), 4 * LARGE),
    }


def product(m: Any, n: int) -> Step:
    x, y = (m.randn(n, n, device="cuda") for _ in range(2))
    return lambda: x @ y


# -- tables ---------------------------------------------------------------------------------------


def full_precision(torch: Any, tf32: bool = False) -> None:
    torch.backends.cuda.matmul.allow_tf32 = tf32
    torch.backends.cudnn.allow_tf32 = tf32


def training_table(torch: Any) -> Table:
    table = Table("training step, batch 64", "way", "ours", "PyTorch", "ratio")
    works: list[tuple[str, Any, tuple[int, ...]]] = [
        ("MLP 784-128-64-10", mlp, (784,)),
        ("LeNet 1x28x28", lenet, (1, 28, 28)),
    ]
    for name, make, shape in works:
        ours = training_step(ad, make(ad).to("cuda"), shape)
        eager_model = make(torch).to("cuda")
        eager = training_step(torch, eager_model, shape)
        compiled_model = make(torch).to("cuda")
        compiled = training_step(torch, compiled_model, shape, torch.compile(compiled_model))
        a = seconds(ours, ad.cuda.synchronize)
        b = seconds(eager, torch.cuda.synchronize)
        c = seconds(compiled, torch.cuda.synchronize)
        add_row(table, name, "eager", a, b)
        add_row(table, "", "ours eager, PyTorch compiled", a, c)
        a = seconds(captured(ad, ours), ad.cuda.synchronize)
        b = seconds(captured(torch, eager), torch.cuda.synchronize)
        add_row(table, "", "captured", a, b)
    return table


def bandwidth_table(torch: Any) -> Table:
    table = Table("work", "ours GB/s", "PyTorch GB/s", "ours / our copy")
    ours, theirs = streams(ad), streams(torch)
    copy = 0.0
    for name, (step, nbytes) in ours.items():
        a = nbytes / seconds(step, ad.cuda.synchronize) / 1e9
        b = nbytes / seconds(theirs[name][0], torch.cuda.synchronize) / 1e9
        copy = copy or a
        table.add_row(name, f"{a:.0f}", f"{b:.0f}", f"{a / copy:.2f}")
    return table


def product_table(torch: Any) -> Table:
    table = Table("matrix product", "TFLOP/s", "of cuBLAS float32")
    for n in (1024, 4096):
        work = 2 * n**3 / 1e12
        full_precision(torch)
        cublas = work / seconds(product(torch, n), torch.cuda.synchronize)
        ours = work / seconds(product(ad, n), ad.cuda.synchronize)
        full_precision(torch, tf32=True)
        tf32 = work / seconds(product(torch, n), torch.cuda.synchronize)
        full_precision(torch)
        for who, rate in (
            (f"ours ({provider()})", ours),
            ("cuBLAS float32", cublas),
            ("cuBLAS TF32", tf32),
        ):
            table.add_row(f"{n} x {n}, {who}", f"{rate:.1f}", f"{rate / cublas:.2f}")
    return table


def provider() -> str:
    """What our products were computed by last: "kernel", or with AUTODIFF_CUBLAS=1 the quicker."""
    blas = driver.gpu(0).blas
    return "kernel" if blas is None else list(blas.chosen.values())[-1]


def host_table() -> Table:
    """What the host takes, in time of its processor, where the driver does nothing."""
    driverless.install()
    table = Table("the host's part", "us", "launches", "us per launch")
    x, y, row = (ad.randn(*shape, device="cuda") for shape in ((64, 64), (64, 64), (64,)))
    works: dict[str, Step] = {
        "x * y": lambda: x * y, "x + row": lambda: x + row, "x.sum()": lambda: x.sum(),
        "x @ y": lambda: x @ y, "x[:, :2], a view": lambda: x[:, :2],
    }  # fmt: skip
    nets: list[tuple[str, Any, tuple[int, ...]]] = [
        ("MLP 784-128-64-10", mlp, (784,)), ("LeNet 1x28x28", lenet, (1, 28, 28)),
    ]  # fmt: skip
    for name, make, shape in nets:
        for way, how in ((f"training step, {name}", lambda f: f), ("... compiled", ad.compile)):
            model = make(ad).to("cuda")
            works[way] = how(training_step(ad, model, shape, set_to_none=True))
        add_host_rows(table, works)
        works.clear()
    return table


def add_host_rows(table: Table, works: dict[str, Step]) -> None:
    for name, step in works.items():
        taken = seconds(step, lambda: None, clock=time.process_time) * 1e6
        before = driverless.launches[0]
        step()
        count = driverless.launches[0] - before
        table.add_row(name, f"{taken:.1f}", str(count), f"{taken / count:.1f}" if count else "")


def add_row(table: Table, name: str, way: str, ours: float, peer: float) -> None:
    table.add_row(name, way, f"{ours * 1e6:.0f} us", f"{peer * 1e6:.0f} us", f"{ours / peer:.2f}")


def main() -> None:
    if "--host" in sys.argv:
        Console().print(host_table())
        return
    if not ad.cuda.is_available():
        sys.exit("There is no GPU here that autodiff can use, so there is nothing to measure.")
    try:
        import torch
    except ImportError:
        sys.exit("PyTorch is missing: install its CUDA build, to have something to compare with.")
    if not torch.cuda.is_available():
        sys.exit("This PyTorch cannot use the GPU: install its CUDA build.")
    console = Console()
    console.print(f"{ad.cuda.get_device_name()}, PyTorch {torch.__version__}")
    full_precision(torch)
    for table in (training_table, bandwidth_table, product_table):
        console.print(table(torch))


if __name__ == "__main__":
    main()
