"""Loading with real worker processes: order, seeds, failures, and nothing left behind."""

from __future__ import annotations

import ctypes
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset, get_worker_info

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="most of them are forked")


class Numbers(Dataset):
    """The numbers from 0, doubled; ``act`` may do something else for some of them."""

    def __init__(self, size: int, act: Any = None) -> None:
        self.size, self.act = size, act

    def __getitem__(self, i: int) -> Any:
        if self.act is not None:
            self.act(i)
        return i * 2

    def __len__(self) -> int:
        return self.size


class Shared(IterableDataset):
    """The numbers below ``end``, shared out between the workers; endless without it."""

    def __init__(self, end: int | None = None) -> None:
        self.end = end

    def __iter__(self) -> Iterator[int]:
        info = get_worker_info()
        i, step = (info.id, info.num_workers) if info else (0, 1)
        while self.end is None or i < self.end:
            yield i
            i += step


def lists(loader: DataLoader) -> list[Any]:
    return [batch.tolist() for batch in loader]


def gone(pids: set[int]) -> bool:
    """Whether these processes have ended, within two seconds."""
    for _ in range(100):
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def pids(batches: Any) -> set[int]:
    return {pid for batch in batches for pid in batch.tolist()}


class Pids(Dataset):
    def __getitem__(self, i: int) -> int:
        return os.getpid()

    def __len__(self) -> int:
        return 40


def slow_at_first(i: int) -> None:
    time.sleep(0.05 if i < 4 else 0)


def test_the_order_is_kept() -> None:
    loader = DataLoader(Numbers(13, slow_at_first), batch_size=2, num_workers=2)
    assert lists(loader) == lists(DataLoader(Numbers(13), batch_size=2))
    assert len(loader) == 7


def test_as_they_are_ready() -> None:
    def wait(i: int) -> None:
        time.sleep(0.3 if i == 0 else 0)

    loader = DataLoader(Numbers(6, wait), batch_size=None, num_workers=2, in_order=False)
    found = list(loader)
    assert sorted(found) == [0, 2, 4, 6, 8, 10]
    assert found[0] != 0


def test_shuffling_does_not_depend_on_the_workers() -> None:
    found = []
    for workers in (0, 1, 2):
        ad.manual_seed(5)
        loader = DataLoader(Numbers(20), batch_size=3, shuffle=True, num_workers=workers)
        found.append([lists(loader), lists(loader)])
    assert found[0] == found[1] == found[2]
    assert found[0][0] != found[0][1]


def test_batches_of_tensors_can_be_written_to() -> None:
    x = ad.arange(2000.0).reshape(10, 200)
    for images, labels in DataLoader(TensorDataset(x, ad.arange(10)), 5, num_workers=1):
        assert images.tolist() == x[labels].tolist()
        images += 1
        assert images.dtype == ad.float32


def test_large_batches_and_many_numbers() -> None:
    """Neither side waits for the other while it fills the pipe."""
    x = ad.zeros(40_000, 30)
    loader = DataLoader(TensorDataset(x), 20_000, num_workers=2, prefetch_factor=4)
    assert sum(len(batch) for (batch,) in loader) == 40_000


def test_workers_compute() -> None:
    """A forked worker multiplies matrices and runs compiled kernels after its parent did."""
    layer = ad.nn.Conv2d(1, 2, 3)
    layer(ad.ones(1, 1, 5, 5)) @ ad.ones(3, 3)

    class Computed(Dataset):
        def __getitem__(self, i: int) -> Any:
            with ad.no_grad():
                return (ad.ones(200, 200) @ ad.ones(200, 200)).sum() + layer(ad.ones(1, 1, 5, 5))

        def __len__(self) -> int:
            return 2

    assert len(list(DataLoader(Computed(), num_workers=2, timeout=20))) == 2


def openblas() -> list[ctypes.CDLL]:
    lines = Path("/proc/self/maps").read_text().splitlines()
    found = {line.split()[-1] for line in lines if "scipy_openblas64" in line}
    return [ctypes.CDLL(path) for path in found]


class Threads(Dataset):
    """How many threads the worker's matrix products use, by OpenBLAS and by the environment."""

    def __getitem__(self, i: int) -> Any:
        threads = [library.scipy_openblas_get_num_threads64_() for library in openblas()]
        return max(threads, default=1), os.environ.get("OPENBLAS_NUM_THREADS", "")

    def __len__(self) -> int:
        return 1


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks for OpenBLAS on Linux")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_use_one_thread(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    for library in openblas():
        library.scipy_openblas_set_num_threads64_(2)
    ad.ones(300, 300) @ ad.ones(300, 300)
    loader = DataLoader(Threads(), None, num_workers=1, multiprocessing_context=method)
    ((threads, variable),) = loader
    for library in openblas():
        library.scipy_openblas_set_num_threads64_(1)  # as the suite has it
    assert (threads, variable) == (1, "1")
    assert "OPENBLAS_NUM_THREADS" not in os.environ


def test_each_worker_has_a_seed_of_its_own() -> None:
    class Draws(Dataset):
        def __getitem__(self, i: int) -> Any:
            info = get_worker_info()
            assert info.seed == ad.initial_seed()
            assert info.num_workers == 2
            assert info.dataset.__class__ is Draws
            return info.id, ad.rand(()).item(), random.random(), np.random.rand(), info.seed

        def __len__(self) -> int:
            return 4

    def draw() -> list[Any]:
        return [list(sample) for sample in DataLoader(Draws(), batch_size=None, num_workers=2)]

    ad.manual_seed(0)
    first, second = draw(), draw()
    ad.manual_seed(0)
    assert draw() == first
    assert first != second
    assert [sample[0] for sample in first] == [0, 1, 0, 1]
    assert first[1][4] == first[0][4] + 1
    for column in (1, 2, 3):
        assert len({sample[column] for sample in first + second}) == 8
    assert get_worker_info() is None


def test_init_function_and_its_failure() -> None:
    def init(number: int) -> None:
        os.environ["NUMBER"] = str(number)

    class Named(Numbers):
        def __getitem__(self, i: int) -> str:
            return os.environ["NUMBER"]

    loader = DataLoader(Named(4), batch_size=None, num_workers=2, worker_init_fn=init)
    assert list(loader) == ["0", "1", "0", "1"]
    loader = DataLoader(Numbers(4), num_workers=1, worker_init_fn=lambda number: 1 / 0)
    with pytest.raises(ZeroDivisionError, match="in DataLoader worker process 0"):
        list(loader)


class StrangeError(Exception):
    def __init__(self, a: int, b: int) -> None:
        super().__init__(f"{a} and {b}")


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("kind", [ValueError, KeyError, StopIteration, OSError])
def test_an_exception_has_its_type_index_and_traceback(kind: type[Exception], workers: int) -> None:
    def fail(i: int) -> None:
        if i == 5:
            raise kind("bad file")

    seen: list[int] = []
    loader = DataLoader(Numbers(8, fail), batch_size=2, num_workers=workers)
    with pytest.raises(RuntimeError if kind is StopIteration else kind) as caught:
        seen.extend(i for batch in loader for i in batch.tolist())
    assert seen == [0, 2, 4, 6]
    if workers:
        message = str(caught.value)
        assert f"Caught {kind.__name__} in DataLoader worker process 0." in message
        assert 'raise kind("bad file")' in message
        assert "It was raised by sample 5 of the dataset." in message
        assert message.startswith("Caught")
    elif kind is not StopIteration:
        assert caught.value.__notes__ == ["It was raised by sample 5 of the dataset."]


def test_exceptions_that_cannot_travel() -> None:
    class LocalError(Exception):
        pass

    def fail(i: int) -> None:
        raise StrangeError(1, 2) if i else LocalError("here")

    for start, name in ((0, "LocalError"), (1, "StrangeError")):
        loader = DataLoader(Numbers(2, fail), sampler=[start], num_workers=1)
        with pytest.raises(RuntimeError, match=f"Caught {name} in DataLoader"):
            list(loader)


def test_samples_that_cannot_travel() -> None:
    class Functions(Numbers):
        def __getitem__(self, i: int) -> Any:
            return lambda: i

    cannot = (AttributeError, TypeError, pickle.PicklingError)
    with pytest.raises(cannot, match="in DataLoader worker"):
        list(DataLoader(Functions(2), batch_size=None, num_workers=1))


def test_iterable_datasets() -> None:
    loader = DataLoader(Shared(11), batch_size=2, num_workers=3)
    assert sorted(i for batch in lists(loader) for i in batch) == list(range(11))
    assert lists(loader)[:3] == [[0, 3], [1, 4], [2, 5]]
    assert lists(DataLoader(Shared(5), batch_size=2, drop_last=True)) == [[0, 1], [2, 3]]
    assert list(DataLoader(Shared(3), batch_size=None, num_workers=1)) == [0, 1, 2]


def test_an_endless_dataset() -> None:
    for workers in (0, 2):
        batches = iter(DataLoader(Shared(), batch_size=4, num_workers=workers))
        found = [next(batches).tolist() for _ in range(50)]
        assert len({i for batch in found for i in batch}) == 200
        del batches


def test_persistent_workers_stay() -> None:
    kept = DataLoader(Pids(), 4, num_workers=2, persistent_workers=True)
    first = pids(kept)
    assert len(first) == 2
    next(iter(kept))  # a pass that is given up does not disturb the next
    assert pids(kept) == first
    assert sum(len(batch) for batch in kept) == 40
    del kept
    assert gone(first)
    fresh = DataLoader(Pids(), 4, num_workers=2)
    assert not pids(fresh) & pids(fresh)


def test_persistent_workers_serve_one_pass_at_a_time() -> None:
    loader = DataLoader(Numbers(20), num_workers=1, persistent_workers=True)
    early = iter(loader)
    next(early)
    next(iter(loader))
    with pytest.raises(RuntimeError, match="started again"):
        next(early)


def test_a_dropped_iterator_leaves_nothing_behind() -> None:
    batches = iter(DataLoader(Pids(), 1, num_workers=2))
    running = {next(batches).item(), next(batches).item()}
    assert all(alive(pid) for pid in running)
    del batches
    assert gone(running)


def test_a_killed_worker_is_reported() -> None:
    def die(i: int) -> None:
        if i == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(RuntimeError, match=r"worker \(pid \d+\) is killed by signal: SIGKILL"):
        list(DataLoader(Numbers(6, die), num_workers=2))
    with pytest.raises(RuntimeError, match=r"exited unexpectedly with exit code 7"):
        list(DataLoader(Numbers(6, lambda i: os._exit(7)), num_workers=2))


def test_timeout() -> None:
    loader = DataLoader(Numbers(2, lambda i: time.sleep(i * 20)), num_workers=1, timeout=0.3)
    batches = iter(loader)
    next(batches)
    with pytest.raises(RuntimeError, match=r"timed out after 0.3 seconds"):
        next(batches)


PROGRAM = """
import os, sys, time
import autodiff as ad
from autodiff.utils.data import DataLoader, Dataset

class Mine(Dataset):
    def __getitem__(self, i):
        if i > 3:
            time.sleep(30)
        return os.getpid()
    def __len__(self):
        return 40

def main():
    loader = DataLoader(Mine(), num_workers=2, multiprocessing_context=METHOD)
    for pid in loader:
        print(pid.item(), flush=True)
"""


def program(tmp_path: Path, method: str, guarded: bool = True) -> subprocess.Popen[str]:
    script = tmp_path / "program.py"
    guard = "if __name__ == '__main__':\n    main()" if guarded else "main()"
    script.write_text(PROGRAM.replace("METHOD", repr(method)) + guard)
    return subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_program(tmp_path: Path, method: str, end: signal.Signals) -> None:
    running = program(tmp_path, method)
    with running:
        assert running.stdout is not None
        workers = {int(running.stdout.readline()) for _ in range(4)}
        assert len(workers) == 2
        if end is signal.SIGINT:
            os.killpg(running.pid, end)  # as a terminal does: to all processes of the group
        else:
            os.kill(running.pid, end)
        _, errors = running.communicate(timeout=20)
    if end is signal.SIGINT:
        assert errors.count("Traceback") == 1
        assert "KeyboardInterrupt" in errors
    assert gone(workers)


def test_a_main_program_without_a_guard(tmp_path: Path) -> None:
    running = program(tmp_path, "spawn", guarded=False)
    _, errors = running.communicate(timeout=30)
    assert running.returncode == 1
    assert "exited unexpectedly with exit code 1" in errors
    assert 'if __name__ == "__main__":' in errors


def test_what_cannot_be_sent_is_explained() -> None:
    loader = DataLoader(Numbers(2, lambda i: i), num_workers=1, multiprocessing_context="spawn")
    with pytest.raises(Exception, match="pickle") as caught:
        list(loader)
    assert "define them at the top of a module" in caught.value.__notes__[-1]
