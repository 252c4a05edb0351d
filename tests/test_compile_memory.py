"""What a recording keeps: no array longer than the call itself, and nothing of the wrong one."""

from __future__ import annotations

import platform
import subprocess
import sys
import tracemalloc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.autograd import Function
from autodiff.compiler.places import Places, place_of
from autodiff.compiler.program import Value

MEGABYTE = 1_000_000
N = 250_000  # float32: one megabyte


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path_factory.getbasetemp() / "programs"))


class RecordedError(Exception):
    """Ends a recording before a program is made of it."""


def peak_while_recorded(function: Callable[[], Any]) -> float:
    """The most megabytes that arrays take while a function is recorded."""

    def recorded() -> None:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        function()
        _, peak = tracemalloc.get_traced_memory()
        raise RecordedError((peak - before) / MEGABYTE)

    tracemalloc.start()
    try:
        with pytest.raises(RecordedError) as caught:
            ad.compile(recorded)()
    finally:
        tracemalloc.stop()
    return caught.value.args[0]


def chain(x: ad.Tensor) -> ad.Tensor:
    for _ in range(10):
        x = (x * 0.5).tanh()
    return x


def test_what_the_call_frees_is_free() -> None:
    with ad.no_grad():
        x = ad.zeros(N)
        assert peak_while_recorded(lambda: chain(x)) < 5


def test_a_recorded_backward_pass_keeps_no_graph_of_its_own() -> None:
    x = ad.zeros(N, requires_grad=True)
    forward = peak_while_recorded(lambda: chain(x))
    assert 9 < forward < 13  # each tanh saves its result
    assert peak_while_recorded(lambda: chain(x).sum().backward()) < forward + 8


def test_a_recorded_pass_frees_what_each_node_saved() -> None:
    x = ad.zeros(N, requires_grad=True)
    left: list[float] = []

    def program() -> None:
        y = chain(x)
        before, _ = tracemalloc.get_traced_memory()
        y.sum().backward()
        after, _ = tracemalloc.get_traced_memory()
        left.append((after - before) / MEGABYTE)

    peak_while_recorded(program)
    assert left[0] < -7  # ten results less, x.grad more; y itself is alive


class Written(Function):
    """Its backward writes in place, and differentiates on its own."""

    @staticmethod
    def forward(ctx: Any, x: ad.Tensor) -> ad.Tensor:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, g: ad.Tensor) -> ad.Tensor:
        (x,) = ctx.saved_tensors
        own = x.detach().requires_grad_()
        with ad.enable_grad():
            (slope,) = ad.autograd.grad((own**3).sum(), own)
        result = g * slope
        result[0] = 0
        return result


@pytest.mark.parametrize(
    "f",
    [
        lambda x: Written.apply(x).sum(),
        lambda x: ad.autograd.grad((x**3).sum(), x, create_graph=True)[0].sin().sum(),
        lambda x: sum(
            ad.autograd.grad((x**3).sum(), x, create_graph=True)[0].sum() for _ in range(2)
        ),
        lambda x: x.sum() + sum((x.detach() * np.array([i, 1, 2.0])).sum() for i in range(6)),
        lambda x: sum(((x * i).sin() * (x + i)).detach().exp().sum() for i in range(6)) + x.sum(),
    ],
    ids=["backward of one's own", "differentiated again", "and again", "constants", "temporaries"],
)
def test_memory_that_is_used_again_is_taken_for_nothing_else(f: Callable[[Any], Any]) -> None:
    compiled = ad.compile(f)
    for _ in range(3):
        ours = ad.randn(3, requires_grad=True)
        theirs = ours.detach().clone().requires_grad_()
        found, expected = compiled(ours), f(theirs)
        np.testing.assert_allclose(found.detach(), expected.detach(), rtol=2e-5, atol=1e-6)
        found.backward()
        expected.backward()
        np.testing.assert_allclose(ours.grad, theirs.grad, rtol=2e-5, atol=1e-6)


def value(x: np.ndarray) -> Value:
    return Value(x.shape, x.dtype)


def test_a_place_is_given_up_with_its_memory() -> None:
    places = Places()
    x = np.arange(6.0)
    place = place_of(x)
    places.put_outside(x, value(x))
    places.note_born(x)
    view = x[::2]
    places.put(view, value(view))
    del x
    assert places.value_at(place) is not None  # a view is left of the memory
    other = view.base
    assert places.is_born(other)
    assert places.outside_at(other) is not None
    place_of_view = place_of(view)
    del other, view
    assert places.value_at(place) is None
    assert places.value_at(place_of_view) is None


def test_memory_of_others_is_kept() -> None:
    places = Places()
    memory = bytearray(16)
    x = np.frombuffer(memory)
    kept = weakref.ref(x)
    places.put(x, value(x))
    place = place_of(x)
    del x
    assert kept() is not None
    assert places.value_at(place) is not None


def test_writing_forgets_what_overlaps() -> None:
    places = Places()
    x = np.arange(12.0).reshape(3, 4)
    backwards, column, row = x[::-1], x[:, 1], x[2]
    for part in (x, backwards, column, row):
        places.put(part, value(part))
    places.forget(x[:2])
    assert [places.value_at(place_of(part)) is None for part in (x, backwards, column, row)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_elements_are_known_in_another_shape_only_where_they_are_in_order() -> None:
    places = Places()
    x = np.arange(12.0).reshape(3, 4)
    known = value(x)
    places.put(x, known)
    places.put(x.T, value(x.T))
    assert places.same_elements(x.reshape(2, 6)) is known
    assert places.same_elements(x.reshape(12)) is known
    assert places.same_elements(x[:2]) is None
    assert places.same_elements(x.view(np.int64).reshape(12)) is None


def test_a_program_frees_large_values_as_it_goes() -> None:
    def f(x: ad.Tensor) -> ad.Tensor:
        for _ in range(6):  # not fused: each line makes an array
            x = x.cumsum(0).clamp(-1, 1).flip(0)
        return x

    compiled = ad.compile(f)
    x = ad.randn(512, 1024)
    np.testing.assert_allclose(compiled(x), f(x), rtol=1e-5)
    tracemalloc.start()
    compiled(x)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4.5 * x.nbytes
    np.testing.assert_allclose(compiled(x), f(x), rtol=1e-5)


def test_what_is_read_transposed_is_there_until_then() -> None:
    def f(x: ad.Tensor) -> ad.Tensor:
        y = x.cumsum(0)
        turned = y.T
        z = y.flip(0)
        return (turned @ z).sum() + (turned.T @ z.T).sum()

    compiled = ad.compile(f)
    x = ad.randn(600, 600, dtype=ad.float64)
    for _ in range(2):
        np.testing.assert_allclose(compiled(x), f(x))
    assert ".T" in compiled.source
    assert "del cumsum, z" in compiled.source


FAULTS = """
import resource
import autodiff as ad

@ad.compile
def f(x):
    parts = [x.cumsum(0).flip(0) for _ in range(6)]
    return ad.cat(parts).cumsum(1).sum()

x = ad.randn(512, 256)
for _ in range(3):
    f(x)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    f(x)
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 10)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="about GNU's C library")
def test_later_calls_take_no_new_pages_from_the_system() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True, timeout=60
    )
    assert float(done.stdout) < 100
