"""autodiff.compile: a recorded call as a program that computes the same, again and again."""

from __future__ import annotations

import contextlib
import functools
import io
import operator
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff import nn
from autodiff.errors.compiler import NotFollowedError


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs of tests do not go into the user's folder; they share one of this run."""
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path_factory.getbasetemp() / "programs"))


def close(x: Any, y: Any) -> None:
    np.testing.assert_allclose(np.asarray(x), np.asarray(y), rtol=2e-5, atol=1e-6)


def randn(*shape: int, grad: bool = True) -> ad.Tensor:
    return ad.randn(shape, dtype=ad.float64, requires_grad=grad)


def compare(f: Callable[..., Any], *shapes: tuple[int, ...], calls: int = 3) -> Any:
    """Values and gradients of the compiled function equal the eager ones, on new numbers each."""
    compiled = ad.compile(f)
    for _ in range(calls):
        ours = [randn(*shape) for shape in shapes]
        theirs = [x.detach().clone().requires_grad_() for x in ours]
        found, expected = compiled(*ours), f(*theirs)
        close(found.detach(), expected.detach())
        g = randn(*found.shape, grad=False)
        found.backward(g)
        expected.backward(g)
        for x, y in zip(ours, theirs, strict=True):
            close(x.grad, y.grad)
    return compiled


def test_a_chain_is_one_loop() -> None:
    compiled = compare(lambda x, y: ((x * y + x.sin()).tanh() * 2).sum(), (3, 4), (3, 4))
    assert compiled.source.count("@loop") == 2  # forward, backward


def test_broadcasting() -> None:
    compare(lambda x, y, z: (x + y) * z, (3, 4), (4,), (3, 1))


def test_names_are_the_programs() -> None:
    @ad.compile
    def f(price: ad.Tensor, count: ad.Tensor) -> ad.Tensor:
        total = price * count
        return total.sum()

    f(randn(3), randn(3))
    assert "total = price[i] * count[i]" in f.source
    assert "def backward(" in f.source
    assert "g_price[i] = " in f.source


def test_the_result_is_part_of_a_larger_graph() -> None:
    inner = ad.compile(lambda x: (x * x).exp())
    for _ in range(2):
        x = randn(3)
        inner(x * 2).sum().backward()
        expected = x.detach().clone().requires_grad_()
        ((expected * 2) * (expected * 2)).exp().sum().backward()
        close(x.grad, expected.grad)


def test_a_second_backward_needs_retain_graph() -> None:
    f = ad.compile(lambda x: (x * x).sum())
    f(randn(3))
    out = f(randn(3))
    out.backward()
    with pytest.raises(RuntimeError, match="second time"):
        out.backward()


def test_several_results() -> None:
    f = ad.compile(lambda x: (x * 2, {"third": x * 3}))
    for _ in range(2):
        x = randn(3)
        doubled, rest = f(x)
        (doubled * rest["third"]).sum().backward()
        close(x.grad, 12 * x.detach())


def test_new_shapes_and_dtypes_are_recorded_anew() -> None:
    f = ad.compile(lambda x: x * 2)
    for x in (ad.ones(3), ad.ones(2, 2), ad.ones(3, dtype=ad.float64), ad.ones(3)):
        close(f(x), x.numpy() * 2)
        assert f(x).dtype == x.dtype
    assert len(f.entries) == 3


def test_other_arguments_choose_another_program() -> None:
    f = ad.compile(lambda x, twice: x * 2 if twice else x)
    x = ad.ones(3)
    assert f(x, True).tolist() == [2, 2, 2]
    assert f(x, False) is x
    assert f(x, True).tolist() == [2, 2, 2]


def test_one_tensor_twice_is_another_program_than_two() -> None:
    f = ad.compile(lambda x, y: x * y)
    x, y = ad.tensor([2.0]), ad.tensor([3.0])
    assert f(x, x).item() == 4
    assert f(x, y).item() == 6
    assert f(x, x).item() == 4


@pytest.mark.parametrize(
    "ask",
    [
        lambda x: x if x.sum() > 0 else -x,
        lambda x: x * x.sum().item(),
        lambda x: x * float(x[0]),
        lambda x: x[: int(x[0])],
        lambda x: ad.tensor(x.tolist()),
        lambda x: x * x.detach().numpy(),
    ],
)
def test_values_cannot_be_asked_for(ask: Callable[[Any], Any]) -> None:
    with pytest.raises(NotFollowedError, match=r"(?s)test_compile.py, line \d+.*Fix: "):
        ad.compile(ask)(ad.ones(3, requires_grad=True))


def test_a_shape_that_depends_on_values_is_refused() -> None:
    with pytest.raises(NotFollowedError, match="shape"):
        ad.compile(lambda x: x[x > 0])(ad.ones(3))


def test_no_grad_and_detach() -> None:
    compare(lambda x: x.detach() * x, (3,))

    def f(x: ad.Tensor) -> ad.Tensor:
        with ad.no_grad():
            scale = x.sum()
        return x * scale

    compare(f, (3,))
    with ad.no_grad():
        assert not ad.compile(f)(ad.ones(2, requires_grad=True)).requires_grad


def training(compile: bool, make: Callable[[], nn.Module], x: Any, steps: int, **how: Any) -> Any:
    """The losses and the model after some training steps, eager or compiled."""
    ad.manual_seed(1)
    model = make()
    kind = how.pop("kind", ad.optim.SGD)
    optimizer = kind(model.parameters(), **{"lr": 0.1, **how})
    target = ad.arange(x.shape[0]) % 3

    def step(x: ad.Tensor, target: ad.Tensor) -> ad.Tensor:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), target)
        loss.backward()
        optimizer.step()
        return loss

    run = ad.compile(step) if compile else step
    losses = [run(x * (1 + i / 10), target).item() for i in range(steps)]
    return losses, model, optimizer


def same_training(make: Callable[[], nn.Module], shape: tuple[int, ...], **how: Any) -> None:
    x = ad.randn(*shape)
    losses, model, optimizer = training(True, make, x, 4, **how)
    expected, other, their_optimizer = training(False, make, x, 4, **how)
    close(losses, expected)
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        close(p.detach(), q.detach())
        close(p.grad, q.grad)
    for p, q in zip(model.buffers(), other.buffers(), strict=True):
        close(p, q)
    ours, theirs = optimizer.state_dict()["state"], their_optimizer.state_dict()["state"]
    assert ours.keys() == theirs.keys()
    for state, their in zip(ours.values(), theirs.values(), strict=True):
        for key, value in their.items():
            close(state[key], value)


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))


@pytest.mark.parametrize("how", [{}, {"momentum": 0.9}, {"kind": ad.optim.Adam, "lr": 0.01}])
def test_training_steps(how: dict[str, Any]) -> None:
    same_training(mlp, (6, 4), **how)


def test_dropout_draws_new_numbers_from_the_same_generator() -> None:
    same_training(lambda: nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 3)), (6, 4))


def test_batch_norm_updates_its_buffers() -> None:
    same_training(
        lambda: nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3)),
        (6, 4),
    )


def test_convolutions() -> None:
    def make() -> nn.Module:
        return nn.Sequential(
            nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3)
        )

    same_training(make, (6, 1, 6, 6))


def test_gradients_accumulate() -> None:
    w = randn(3)

    @ad.compile
    def f(x: ad.Tensor) -> None:
        (w * x).sum().backward()

    total = np.zeros(3)
    for _ in range(3):
        x = randn(3, grad=False)
        f(x)
        total += x.numpy()
        close(w.grad, total)
    w.grad = None
    f(x)
    close(w.grad, x)


def test_a_model_that_is_switched_to_eval_is_recorded_anew() -> None:
    model = nn.Dropout(0.5)
    f = ad.compile(model)
    f(ad.ones(50))
    assert 0 in f(ad.ones(50)).tolist()
    model.eval()
    assert 0 not in f(ad.ones(50)).tolist()


def test_writes_in_place() -> None:
    def f(x: ad.Tensor, y: ad.Tensor) -> ad.Tensor:
        z = x * 2
        z[0] = y
        z += x
        return z * z

    compare(f, (3, 2), (2,))


def test_writes_to_a_tensor_from_outside() -> None:
    total = ad.zeros(2)

    @ad.compile
    def f(x: ad.Tensor) -> ad.Tensor:
        total.add_(x)
        return total * 2

    for i in range(1, 4):
        assert f(ad.ones(2)).tolist() == [2 * i, 2 * i]
    assert total.tolist() == [3, 3]
    assert total._version == 3


def test_class_numbers_differ_from_call_to_call() -> None:
    f = ad.compile(lambda x, t: nn.functional.cross_entropy(x, t, weight=ad.tensor([1.0, 2, 3])))
    for labels in ([0, 1], [2, 2], [1, 0]):
        x, y = (ad.arange(6.0).reshape(2, 3).requires_grad_() for _ in range(2))
        t = ad.tensor(labels)
        f(x, t).backward()
        expected = nn.functional.cross_entropy(y, t, weight=ad.tensor([1.0, 2, 3]))
        expected.backward()
        close(x.grad, y.grad)


def test_class_numbers_from_outside() -> None:
    target = ad.tensor([0, 1])
    f = ad.compile(lambda x: nn.functional.cross_entropy(x, target))
    x = ad.arange(6.0).reshape(2, 3)
    for labels in ([0, 1], [2, 0]):
        target.copy_(ad.tensor(labels))
        close(f(x), nn.functional.cross_entropy(x, target))


def test_results_are_not_overwritten_by_the_next_call() -> None:
    f = ad.compile(lambda x: (x @ x, x + 1))
    x = randn(3, 3, grad=False)
    f(x)
    first = f(x)
    before = [y.numpy().copy() for y in first]
    f(x * 3)
    for y, was in zip(first, before, strict=True):
        close(y, was)


def test_a_graph_outside_is_no_place_to_reach_into() -> None:
    y = randn(3) * 2
    with pytest.raises(RuntimeError, match="argument"):
        ad.compile(lambda x: x * y)(randn(3))


def test_large_loops_run_in_parts() -> None:
    n = 300_001
    f = ad.compile(lambda x, y: ((x * y).sin() + y.exp()).tanh().mean())
    for scale in (1.0, 2.0):
        ours = [(ad.linspace(-3, 3, n) * s * scale).requires_grad_() for s in (1.0, 0.5)]
        theirs = [x.detach().clone().requires_grad_() for x in ours]
        found = f(*ours)
        expected = ((theirs[0] * theirs[1]).sin() + theirs[1].exp()).tanh().mean()
        close(found.item(), expected.item())
        found.backward()
        expected.backward()
        for x, y in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(x.grad.numpy(), y.grad.numpy(), rtol=1e-3, atol=1e-10)
    assert "in_parts(loop_1" in f.source


def test_large_gradients_are_not_overwritten_while_somebody_holds_them() -> None:
    x = ad.ones(300_000, requires_grad=True)

    @ad.compile
    def f(scale: ad.Tensor) -> None:
        x.grad = None
        (x * scale).sum().backward()

    f(ad.tensor(1.0))
    held = []
    for i in (2.0, 3.0, 4.0):
        f(ad.tensor(i))
        held.append(x.grad)
    assert [g[0].item() for g in held] == [2, 3, 4]


SPECIAL = [
    0.0,
    -0.0,
    1e-30,
    0.5,
    0.7,
    -3.0,
    88.5,
    89.0,
    -88.0,
    -103.0,
    -110.0,
    1e6,
    3e7,
    1e20,
    -3e38,
]


@pytest.mark.parametrize("name", ["exp", "tanh", "sin", "cos"])
def test_vector_mathematics(name: str) -> None:
    from autodiff.compiler import mathematics

    function = getattr(mathematics, name)
    points = np.concatenate([SPECIAL, np.linspace(-90, 88, 4001), np.linspace(-2, 2, 1001)])
    with np.errstate(all="ignore"):
        for x in points.astype(np.float32):
            exact = np.float32(getattr(np, name)(np.float64(x)))
            assert function(x) == pytest.approx(exact, rel=3e-7, abs=1e-44)
        assert np.isnan(function(np.float32(np.inf))) == (name in ("sin", "cos"))
    assert np.isnan(function(np.float32(np.nan)))


def test_vector_mathematics_is_exact_to_two_units_at_all_magnitudes() -> None:
    names = ("exp", "tanh", "sin", "cos")
    f = ad.compile(lambda x: tuple(getattr(x, name)() for name in names))
    bits = np.linspace(0, 2**32 - 1, 1 << 17, dtype=np.int64)
    everything = bits.astype(np.uint32).view(np.float32)  # nan, infinities, subnormals, -0.0
    near = np.linspace(1 - 2**17, 2**17 - 1, 1 << 17, dtype=np.float32)
    # Two of the numbers whose sine or cosine is smallest, in the near range and beyond it.
    everything[:2] = near[1:3] = [11.0 * np.pi, 16.5 * np.pi]
    everything[2] = 16367173.0 * 2.0**72
    f(ad.tensor(everything))  # recorded, not compiled
    for values in (everything, near):
        for name, out in zip(names, f(ad.tensor(values)), strict=True):
            with np.errstate(all="ignore"):
                exact = getattr(np, name)(values.astype(np.float64))
                rounded = exact.astype(np.float32)
            numbers = np.isfinite(rounded)
            unit = np.spacing(np.maximum(abs(rounded[numbers]), np.finfo(np.float32).tiny))
            assert (abs(out.numpy()[numbers] - exact[numbers]) <= 2 * unit).all(), name
            np.testing.assert_array_equal(out.numpy()[~numbers], rounded[~numbers])
            zero = rounded == 0
            np.testing.assert_array_equal(np.signbit(out.numpy()[zero]), np.signbit(rounded[zero]))


def test_a_loop_with_one_huge_argument_counts_nothing_twice() -> None:
    x = np.linspace(-1, 1, 1000, dtype=np.float32)
    f = ad.compile(lambda x: ((x.sin() * 2).sin(), x.cos().sum()))
    f(ad.tensor(x))
    x[500] = 1e30
    out, total = f(ad.tensor(x))
    np.testing.assert_allclose(out.numpy(), np.sin(2 * np.sin(x.astype(float))), rtol=1e-6)
    assert total.item() == pytest.approx(np.cos(x.astype(float)).sum(), rel=1e-6)


@pytest.mark.parametrize("shape", [(5, 3), (1, 4), (4, 1), (300, 300)])
def test_gradients_of_biases_are_sums_in_the_loop(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    x, b = (ad.tensor(rng.standard_normal(s), requires_grad=True) for s in (shape, (shape[1],)))

    def gradients(x: ad.Tensor, b: ad.Tensor) -> tuple[ad.Tensor, ...]:
        hidden = (x.sin() + b).tanh()
        x_g, b_g = ad.autograd.grad((hidden * hidden).sum(), (x, b))
        return x_g, b_g, hidden - b_g  # which asks for the sum when it is complete

    f = ad.compile(gradients)
    f(x, b)
    for ours, eager in zip(f(x, b), gradients(x, b), strict=True):
        out, expected = ours.detach().numpy(), eager.detach().numpy()
        np.testing.assert_allclose(out, expected, rtol=1e-12, atol=1e-12)
    assert ("[:] = 0" in f.source) == (shape != (300, 300))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_is_a_loop_over_rows(dtype: Any) -> None:
    def both(x: ad.Tensor) -> tuple[ad.Tensor, ad.Tensor]:
        return ad.softmax(x.transpose(0, 2), -1), ad.log_softmax(x, 2)

    f = ad.compile(both)
    values = np.random.default_rng(0).standard_normal((5, 4, 3)).astype(dtype)
    f(ad.tensor(values))
    values[0, 0], values[0, 1, 1], values[0, 2], values[1, 0, 2] = np.inf, np.nan, -np.inf, np.inf
    values[1, 1] = [3e38, -3e38, 1e38]
    for ours, eager in zip(f(ad.tensor(values)), both(ad.tensor(values)), strict=True):
        np.testing.assert_allclose(ours.numpy(), eager.numpy(), rtol=1e-6, atol=1e-7)
    assert "largest" in f.source
    assert "not fused" not in f.source


def test_an_argument_is_not_used_from_outside_as_well() -> None:
    w = ad.ones(2)
    f = ad.compile(lambda x: x * w)
    with pytest.raises(RuntimeError, match="as an argument and uses"):
        f(w)
    assert f(ad.tensor([2.0, 3.0])).tolist() == [2, 3]
    assert ad.compile(lambda x: x * x.detach())(w).tolist() == [1, 1]


def test_schedules_stay_outside() -> None:
    optimizer = ad.optim.SGD([ad.ones(2, requires_grad=True)], lr=1.0)
    schedule = ad.optim.lr_scheduler.StepLR(optimizer, 1)
    optimizer.step()
    with pytest.raises(NotFollowedError, match="schedule"):
        ad.compile(lambda x: schedule.step())(ad.ones(2))


def test_the_page_about_compiling_shows_a_real_program() -> None:
    page = (Path(__file__).parents[1] / "docs" / "compile.md").read_text()
    program, shown, *_ = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})
    for line in shown.splitlines():
        assert line in printed.getvalue().splitlines()


def test_variables_may_be_called_as_indices_are() -> None:
    @ad.compile
    def f(x: ad.Tensor, row: ad.Tensor) -> Any:
        i = x * row
        j = i + 1
        step = j * i
        return i, j, step, step.sum()

    x, row = ad.randn(3, 4), ad.randn(4)
    f(x, row)
    i, j, step, total = f(x, row)
    assert ad.allclose(i, x * row)
    assert ad.allclose(j, i + 1)
    assert ad.allclose(step, i * j)
    assert ad.allclose(total, step.sum())


@pytest.mark.parametrize("calls", [1, 2])
def test_a_compiled_backward_pass_is_not_differentiated_again(calls: int) -> None:
    f = ad.compile(lambda x: (x**3).sum())
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    for _ in range(calls):  # the recorded call, and one of the program
        y = f(x * 1)
    with pytest.raises(RuntimeError, match=r"f\.function"):
        ad.autograd.grad(y, x, create_graph=True)


def test_second_derivatives_are_taken_inside() -> None:
    @ad.compile
    def slope_of_slope(x: ad.Tensor) -> ad.Tensor:
        (slope,) = ad.autograd.grad((x**3).sum(), x, create_graph=True)
        (second,) = ad.autograd.grad(slope.sum(), x)
        return second

    for value in (1.0, 2.0):
        x = ad.tensor([value], requires_grad=True)
        assert slope_of_slope(x).tolist() == [6 * value]


def test_a_hook_may_change_the_dtype_of_a_gradient() -> None:
    f = ad.compile(lambda x: x.tanh() * x)
    for _ in range(3):  # recorded, the program, and the program once its loops were checked
        x = ad.ones(4, requires_grad=True)
        y = f(x)
        y.register_hook(lambda g: g.double())
        y.sum().backward()
        expected = np.tanh(1) + 1 - np.tanh(1) ** 2
        close(x.grad, np.full(4, expected, np.float32))
        f(x).sum().backward()


def test_a_gradient_of_another_shape_is_refused() -> None:
    f = ad.compile(lambda x: x.tanh() * x)
    x = ad.ones(4, requires_grad=True)
    for _ in range(2):
        f(x).sum().backward()
    y = f(x)
    y.register_hook(lambda g: ad.ones(2))
    with pytest.raises(RuntimeError, match="Mismatch in shape"):
        y.sum().backward()


def test_choices_among_constants_are_made_in_advance() -> None:
    def f(x: ad.Tensor) -> ad.Tensor:
        mask, ones = ad.tensor([True, False, True]), ad.tensor([1.0, 2.0, 3.0])
        return x * ad.where(mask, ones, -ones) + ones.clamp(1.5, 2.5) + ad.maximum(ones, ones / 2)

    compare(f, (3,))


@pytest.mark.slow
def test_a_loop_may_have_many_arrays() -> None:
    f = ad.compile(lambda x, *xs: functools.reduce(operator.add, xs) / x)
    xs = [ad.zeros(3, dtype=ad.float64), *(randn(3, grad=False) for _ in range(32))]
    for _ in range(2):
        close(f(*xs), sum(xs[1:]) / xs[0])  # divided by 0
    assert f.source.count("@loop") == 1
