"""The host's side of the GPU backend, on a device that only takes notes: no CUDA is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends.cuda import cubins, driver
from autodiff.backends.cuda.kernel import Kernel
from autodiff.backends.cuda.pool import Pool, bucket

MIB = 1 << 20


class Notebook:
    """A device that has memory and computes nothing: it writes down what it is asked to do."""

    name, capability, rows = "notebook", (9, 0), 8

    def __init__(self, limit: int = 64 * MIB) -> None:
        self.limit, self.used, self.next_address = limit, 0, 0
        self.launches: list[tuple[Any, ...]] = []
        self.compiled: list[Kernel] = []
        self.captured: list[Any] | None = None

    def allocate(self, nbytes: int) -> np.ndarray:
        if self.used + nbytes > self.limit:
            raise MemoryError
        self.used += nbytes
        return np.zeros(nbytes, np.uint8)

    def release(self, memory: np.ndarray) -> None:
        self.used -= memory.nbytes

    def upload(self, block: Any, offset: int, array: np.ndarray) -> None:
        block.memory[offset : offset + array.nbytes] = array.reshape(-1).view(np.uint8)

    def download(self, block: Any, offset: int, array: np.ndarray) -> None:
        array.reshape(-1).view(np.uint8)[:] = block.memory[offset : offset + array.nbytes]

    def address(self, block: Any) -> int:
        return block.memory.ctypes.data

    def shape_for(self, threads: int, block: int) -> tuple[int, int]:
        return -(-threads // block), block

    def compile(self, kernel: Kernel) -> Kernel:
        self.compiled.append(kernel)
        return kernel

    def launch(self, compiled: Kernel, grid: Any, block: Any, arguments: Any) -> None:
        assert len(arguments) == len(compiled.signature)
        target = self.launches if self.captured is None else self.captured
        target.append((compiled, grid, block, arguments))

    def synchronize(self) -> None:
        pass

    def begin_capture(self) -> None:
        self.captured = []

    def end_capture(self) -> Callable[[], None]:
        captured, self.captured = self.captured or [], None
        return lambda: self.launches.extend(captured)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    """A device of this kind in the place of a GPU."""
    device = Notebook()
    gpu = driver.Gpu(0, device)
    monkeypatch.setattr(driver, "gpu", lambda index: gpu)
    monkeypatch.setattr(driver, "count", lambda: 1)
    return device


# -- what is imported, and when -------------------------------------------------------------------


@pytest.mark.skipif(driver.is_available(), reason="there is a GPU")
def test_without_a_gpu() -> None:
    assert not ad.cuda.is_available()
    assert ad.cuda.device_count() == 0
    assert ad.accelerator.current_accelerator() is None
    assert ad.cuda.memory_allocated() == ad.cuda.max_memory_allocated() == 0
    ad.cuda.manual_seed(0)
    ad.cuda.empty_cache()
    for f in (lambda: ad.zeros(1).cuda(), ad.cuda.synchronize, ad.cuda.get_device_name):
        with pytest.raises(AssertionError, match="not compiled with CUDA") as caught:
            f()
        assert "autodiff-tutorial[cuda]" in str(caught.value)


def test_importing_autodiff_imports_nothing_of_cuda() -> None:
    program = (
        "import sys, autodiff as ad; (ad.ones(2, requires_grad=True) * 2).sum().backward();"
        "print([m for m in sys.modules if 'cuda' in m and m != 'autodiff.cuda'])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert shown.stdout.strip() == "[]", shown.stderr


# -- memory ---------------------------------------------------------------------------------------


def test_a_freed_block_is_the_next_one_of_its_size() -> None:
    device = Notebook()
    pool = Pool(device, "cuda:0")
    first = pool.allocate(1000)
    memory = first.memory
    assert pool.allocated == bucket(1000) == 1024
    del first
    assert pool.allocated == 0
    assert pool.reserved == device.used == 1024
    assert pool.allocate(900).memory is memory
    assert pool.allocate(2000).memory is not memory
    assert pool.most_allocated == 2048


def test_full_memory_is_an_error_that_can_be_survived() -> None:
    pool = Pool(Notebook(limit=4 * MIB), "cuda:0")
    kept = pool.allocate(3 * MIB)
    with pytest.raises(ad.cuda.OutOfMemoryError, match=r"Tried to allocate 2.00 MiB on cuda:0"):
        pool.allocate(2 * MIB)
    assert isinstance(kept.memory, np.ndarray)
    pool.allocate(MIB)  # and smaller blocks are still there


def test_free_blocks_are_given_back_before_memory_counts_as_full() -> None:
    pool = Pool(Notebook(limit=4 * MIB), "cuda:0")
    pool.allocate(3 * MIB)  # freed at once
    assert pool.allocate(2 * MIB).nbytes == 2 * MIB
    assert pool.reserved == 2 * MIB
    pool.empty()
    assert pool.reserved == 0


# -- launches -------------------------------------------------------------------------------------


def test_an_operation_is_one_launch_of_a_kernel_that_is_compiled_once(notebook: Notebook) -> None:
    x, y = ad.empty(3, 4, device="cuda"), ad.empty(3, 4, device="cuda")
    for _ in range(3):
        x * y
    assert len(notebook.launches) == 3
    assert len(notebook.compiled) == 1
    kernel, grid, block, arguments = notebook.launches[0]
    assert kernel.signature == ("float32*", "float32*", "float32*", "uint32")
    assert (grid, block) == (1, 256)
    assert arguments[1] is x.value
    assert arguments[2] is y.value
    assert arguments[3] == 12


def test_a_broadcast_operand_gets_stride_0_and_dimensions_merge(notebook: Notebook) -> None:
    x, row = ad.ones(3, 4, 5, device="cuda"), ad.ones(5, device="cuda")
    x + row
    *_, (kernel, _, _, arguments) = notebook.launches
    assert "n1" in kernel.text
    assert "n2" not in kernel.text  # (3, 4, 5) and (5,) are (12, 5) and (1, 5)
    assert arguments[3:] == (60, 5, 5, 1, 5, 1, 0, 1)


def test_views_share_memory_and_launch_nothing(notebook: Notebook) -> None:
    x = ad.empty(4, 6, device="cuda")
    views = [x[1:3], x.T, x.reshape(2, 12), x[:, ::2], x.expand(2, 4, 6), x[2], x.unsqueeze(0)]
    assert not notebook.launches
    assert all(v.value.block is x.value.block for v in views)
    assert views[0].data_ptr() == x.data_ptr() + 6 * 4
    assert views[3].stride() == (6, 2)
    assert views[0].storage_offset() == 6


def test_a_captured_step_is_replayed_and_keeps_its_memory(notebook: Notebook) -> None:
    x = ad.empty(1000, device="cuda")
    graph = ad.cuda.CUDAGraph()
    before = ad.cuda.memory_allocated()
    with ad.cuda.graph(graph):
        y = (x * 2 + 1).exp()
        with pytest.raises(RuntimeError, match="while work was being captured"):
            y.sum().item()
    assert not notebook.launches
    graph.replay()
    graph.replay()
    assert len(notebook.launches) == 2 * 4
    assert ad.cuda.memory_allocated() == before  # a captured step has a pool of its own
    with pytest.raises(RuntimeError, match="holds no captured work"):
        ad.cuda.CUDAGraph().replay()


# -- optimizers -----------------------------------------------------------------------------------


def prepared(count: int, size: int = 5000) -> list[ad.Tensor]:
    parameters = [ad.zeros(size, device="cuda", requires_grad=True) for _ in range(count)]
    for p in parameters:
        p.grad = ad.ones_like(p)
    return parameters


@pytest.mark.parametrize(
    "make",
    [
        lambda p: ad.optim.SGD(p, momentum=0.9), ad.optim.AdamW, ad.optim.Adagrad,
        lambda p: ad.optim.RMSprop(p, centered=True, momentum=0.9), ad.optim.Adadelta,
    ],
)  # fmt: skip
def test_a_step_is_one_launch_for_all_parameters(notebook: Notebook, make: Any) -> None:
    parameters = prepared(5)
    addresses = [p.data_ptr() for p in parameters]
    optimizer = make(parameters)
    optimizer.step()  # which makes the state
    notebook.launches.clear()
    optimizer.step()
    assert len(notebook.launches) == 1
    _, grid, block, arguments = notebook.launches[0]
    assert (grid, block) == (10, 256)  # two stretches for each parameter
    assert sum(x is parameters[4].value for x in arguments) == 1
    assert [p.data_ptr() for p in parameters] == addresses


def test_many_parameters_are_a_few_launches_and_groups_have_their_own(notebook: Notebook) -> None:
    parameters = prepared(70, 3)
    parameters[0].grad = None
    optimizer = ad.optim.SGD([{"params": parameters[:65]}, {"params": parameters[65:], "lr": 1.0}])
    notebook.launches.clear()
    optimizer.step()
    assert [grid for _, grid, _, _ in notebook.launches] == [32, 32, 5]


def test_another_rule_of_a_subclass_is_not_the_kernel(notebook: Notebook) -> None:
    class Mine(ad.optim.SGD):
        def update(self, p: Any, x: Any, g: Any, state: Any, group: Any) -> None:
            seen.append(p)

    seen: list[Any] = []
    parameters = prepared(2)
    Mine(parameters).step()
    assert len(seen) == 2


# -- compiled kernels on disk ---------------------------------------------------------------------


def test_kernels_are_found_by_text_types_and_capability(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path / "new"))
    monkeypatch.setattr(cubins, "_versions", lambda: "1 2 3")
    kernel = Kernel("def kernel(x): ...", ("float32*",))
    key = cubins.key(kernel, (9, 0))
    others = [
        cubins.key(Kernel(kernel.text + " ", kernel.signature), (9, 0)),
        cubins.key(Kernel(kernel.text, ("float64*",)), (9, 0)),
        cubins.key(kernel, (8, 0)),
    ]
    assert len({key, *others}) == 4
    assert cubins.load(key) is None
    cubins.store(key, ("entry", b"\x7fELF\n\x00code"))
    assert cubins.load(key) == ("entry", b"\x7fELF\n\x00code")


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("AUTODIFF_CACHE", os.fspath(blocked))
    cubins.store("key", ("entry", b"code"))
    assert cubins.load("key") is None


# -- gradient rules in one piece ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_a_rule_that_has_a_kernel_is_one_launch(notebook: Notebook, name: str) -> None:
    x = ad.empty(3, 4, device="cuda", requires_grad=True)
    out = getattr(ad, name)(x, 1)
    assert len(notebook.launches) == 1
    g = ad.empty(3, 4, device="cuda")
    notebook.launches.clear()
    ad.autograd.grad(out, x, g, retain_graph=True)
    assert len(notebook.launches) == 1
    ad.autograd.grad(out, x, g, create_graph=True)  # operator by operator, to be recorded
    assert len(notebook.launches) > 2


def test_the_loss_of_classes_is_two_kernels_there_and_two_back(notebook: Notebook) -> None:
    from autodiff.op import OPS

    x = ad.empty(3, 4, device="cuda", requires_grad=True)
    labels, scale = ad.empty(3, dtype=ad.int64, device="cuda"), ad.empty(3, device="cuda")
    loss = OPS["NllLoss"].apply(ad.log_softmax(x, 1), target=labels.value, scale=scale.value)
    assert len(notebook.launches) == 2
    ad.autograd.grad(loss, x, ad.empty((), device="cuda"))
    assert len(notebook.launches) == 4
