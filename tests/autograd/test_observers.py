"""Anomaly detection, recorded lines and the profiler."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import pytest

import autodiff as ad
from autodiff import Scalar
from autodiff.autograd import detect_anomaly, grad, set_detect_anomaly
from autodiff.autograd.graph import record_lines, source_of
from autodiff.autograd.profiler import profile, record_function


class Broken(ad.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        return x * 2

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        raise KeyError("broken")


def leaf(value: float = 3.0) -> ad.Tensor:
    return ad.tensor(value, requires_grad=True)


# -- lines --------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [leaf, lambda: Scalar(3.0)])
def test_lines_of_every_kind_of_node(make: Any) -> None:
    x = make()
    outside = x * 2
    with record_lines():
        product = x * x
        added = product + 1
        broken = Broken.apply(added)
    assert source_of(outside.grad_fn) is None
    assert source_of(product.grad_fn).text == "product = x * x"
    assert source_of(added.grad_fn).text == "added = product + 1"
    assert source_of(broken.grad_fn).text == "broken = Broken.apply(added)"
    assert source_of(broken.grad_fn).line == source_of(product.grad_fn).line + 2
    assert source_of(product.grad_fn).file == __file__


def test_the_line_is_the_users_not_the_layers() -> None:
    linear = ad.nn.Linear(3, 2)
    with record_lines():
        out = linear(ad.ones(1, 3))
    assert source_of(out.grad_fn).text == "out = linear(ad.ones(1, 3))"


def test_lines_of_writes_in_place() -> None:
    x = ad.ones(3, requires_grad=True)
    with record_lines():
        y = x * 1
        y[0] = 5
        y.mul_(2)
    assert source_of(y.grad_fn).text == "y.mul_(2)"
    assert source_of(y.grad_fn.next_functions[0][0]).text == "y[0] = 5"


def test_nodes_of_a_recorded_backward_pass_carry_the_line_that_ran_it() -> None:
    x = leaf()
    with record_lines():
        (g,) = grad(x**3, x, create_graph=True)
    assert source_of(g.grad_fn).text == "(g,) = grad(x**3, x, create_graph=True)"


def test_as_a_decorator_and_in_one_thread_only() -> None:
    @record_lines()
    def f(x: Any) -> Any:
        return x.exp()

    assert source_of(f(leaf()).grad_fn).text == "return x.exp()"
    elsewhere: list[Any] = []
    with record_lines():
        thread = threading.Thread(target=lambda: elsewhere.append(leaf().exp()))
        thread.start()
        thread.join()
    assert source_of(elsewhere[0].grad_fn) is None


# -- anomaly detection --------------------------------------------------------------------------


def test_nan_is_blamed_on_the_line_that_made_the_node() -> None:
    with pytest.warns(UserWarning, match="Anomaly Detection"):
        detecting = detect_anomaly()
    words = "'SqrtBackward0' returned nan values in its 0th output"
    with detecting:
        root = leaf(0.0).sqrt()
        with pytest.raises(RuntimeError, match=words) as caught:
            (root * 0).backward()
    assert "root = leaf(0.0).sqrt()" in str(caught.value)


def test_nan_in_second_derivatives_and_in_later_outputs() -> None:
    x, y = leaf(0.0), leaf(2.0)
    with set_detect_anomaly(True):
        root = (x * y).sqrt()  # the slope of sqrt is inf, and inf * 0 is nan
        with pytest.raises(RuntimeError, match="'MulBackward0' returned nan values in its 1th"):
            root.backward()
        (g,) = grad(x**1.5, x, create_graph=True)
        with pytest.raises(RuntimeError, match="returned nan"):
            (g * 0).backward()


def test_an_error_in_backward_names_the_line() -> None:
    with set_detect_anomaly(True):
        out = Broken.apply(leaf())
        with pytest.raises(KeyError) as caught:
            out.backward()
    assert "out = Broken.apply(leaf())" in caught.value.__notes__[0]


def test_a_node_from_before_says_so() -> None:
    root = leaf(0.0).sqrt()
    with set_detect_anomaly(True), pytest.raises(RuntimeError, match="outside of anomaly"):
        (root * 0).backward()


def test_switching_anomaly_detection_on_and_off() -> None:
    from autodiff.autograd.anomaly_mode import is_anomaly_check_nan_enabled, is_anomaly_enabled

    set_detect_anomaly(True, check_nan=False)
    try:
        assert is_anomaly_enabled()
        assert not is_anomaly_check_nan_enabled()
        with set_detect_anomaly(False):
            assert not is_anomaly_enabled()
        assert is_anomaly_enabled()
        (leaf(0.0).sqrt() * 0).backward()  # nan, and nobody minds
    finally:
        set_detect_anomaly(False)
    assert not is_anomaly_enabled()


# -- the profiler -------------------------------------------------------------------------------


def counts(prof: profile) -> dict[str, int]:
    return {average.key: average.count for average in prof.key_averages()}


def test_every_op_is_counted_forward_and_backward() -> None:
    x, w = ad.ones(4, 3, requires_grad=True), ad.ones(3, 2, requires_grad=True)
    with profile() as prof:
        for _ in range(3):
            (x @ w).relu().sum().backward()
    before = counts(prof)
    (x @ w).sum().backward()
    assert counts(prof) == before
    forward = {"matmul": 3, "relu": 3, "sum": 3}
    backward = {"MmBackward0": 3, "ReluBackward0": 3, "SumBackward0": 3}
    assert {key: before.get(key) for key in forward} == forward
    assert sum(n for key, n in before.items() if key.endswith("Backward0")) == 9
    assert {key: before.get(key) for key in backward} == backward


def test_times_are_those_of_the_work_and_nest() -> None:
    class Slow(ad.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            time.sleep(0.02)
            return x * 2

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            time.sleep(0.01)
            return g * 2

    with profile() as prof, record_function("block"):
        Slow.apply(leaf()).backward()
    times = {average.key: average for average in prof.key_averages()}
    assert times["slow"].self_cpu_time_total >= 20_000
    assert times["SlowBackward"].self_cpu_time_total >= 10_000
    assert times["block"].cpu_time_total >= times["slow"].cpu_time_total + 10_000
    assert times["block"].self_cpu_time_total < 20_000
    assert times["mul"].count == 2  # inside of forward, and of backward
    total = prof.total_average()
    assert total.self_cpu_time_total == pytest.approx(times["block"].cpu_time_total)


def test_the_table_is_sorted_and_cut() -> None:
    with profile() as prof:
        x = ad.ones(200, 200)
        for _ in range(5):
            x.neg()
        for _ in range(2):
            x @ x
    by_count = prof.key_averages().table(sort_by="count", row_limit=1)
    assert "neg" in by_count
    assert "matmul" not in by_count
    assert prof.table(sort_by="cpu_time_total").index("matmul") > 0
    assert "Self CPU time total" in str(prof)
    with pytest.raises(ValueError, match="sort_by"):
        prof.table(sort_by="colour")
    with pytest.raises(TypeError, match="with_stackk"):
        profile(with_stackk=True)


def test_a_disabled_profile_sees_nothing() -> None:
    with profile(enabled=False) as prof:
        ad.ones(2).exp()
    assert prof.key_averages() == []


def test_an_error_inside_an_op_leaves_the_profile_whole() -> None:
    with profile() as prof:
        with pytest.raises(RuntimeError):
            ad.ones(2) @ ad.ones(3)
        ad.ones(2).exp()
    assert all(event.depth == 0 for event in prof.events)
    assert prof.events[-1].name == "exp"


def test_the_trace_is_a_file_that_browsers_read(tmp_path: Any) -> None:
    with profile() as prof:
        ad.ones(2).exp()
    prof.export_chrome_trace(tmp_path / "trace.json")
    (event,) = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    assert (event["name"], event["ph"]) == ("exp", "X")
    assert event["dur"] > 0


def test_record_function_as_a_decorator() -> None:
    @record_function("step")
    def step() -> None:
        ad.ones(2).exp()

    with profile() as prof:
        step()
        step()
    step()
    assert counts(prof) == {"step": 2, "exp": 2}
