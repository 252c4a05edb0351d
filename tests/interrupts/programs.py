"""Programs to interrupt, and what has to be true afterwards.

Each is a function that takes a folder, and gives what to run and what to check then.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import autodiff as ad
import viz
from autodiff import nn, optim
from autodiff.autograd import detect_anomaly
from autodiff.autograd.graph import record_lines, saved_tensors_hooks
from autodiff.autograd.profiler import profile
from autodiff.utils.data import DataLoader
from lessons import render
from lessons.format import load_course
from lessons.player.progress import Progress
from lessons.player.session import Session
from lessons.runner import check_file

__all__ = ["OPTIMIZERS", "PROGRAMS"]

Program = Callable[[Path], tuple[Callable[[], object], Callable[[], object]]]

OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    "SGD": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1),
    "Adam": lambda p: optim.Adam(p, lr=0.1, amsgrad=True),
    "AdamW": lambda p: optim.AdamW(p, lr=0.1),
    "Adagrad": lambda p: optim.Adagrad(p, lr=0.1),
    "Adadelta": lambda p: optim.Adadelta(p, lr=0.1),
    "RMSprop": lambda p: optim.RMSprop(p, lr=0.1, momentum=0.9, centered=True),
}


def building(folder: Path) -> Any:
    x = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)

    def run() -> Any:
        y = (x * 2 + ad.ones(3)).tanh()
        parts = [y[0] * y[1], ad.stack([y[2], x[0]]).sum(), ad.cat([x, y]).exp().mean()]
        return sum(parts)

    def check() -> None:
        total: Any = run()
        total.backward()
        assert x.grad is not None
        assert viz.gradcheck(lambda x: (x * x).sum(), x.detach().double().requires_grad_())
        x.grad = None

    return run, check


def accumulating(folder: Path) -> Any:
    """Each leaf has the gradients of whole passes only, whichever of them have arrived."""
    a, b = (ad.tensor([value], requires_grad=True) for value in (2.0, 3.0))

    def run() -> None:
        a.grad = b.grad = None
        for _ in range(3):
            (a * b + a.exp() * 0).sum().backward()

    def check() -> None:
        for x, g in ((a, 3.0), (b, 2.0)):
            arrived = 0.0 if x.grad is None else x.grad.item() / g
            assert arrived in range(4), arrived
        run()
        assert (a.grad.item(), b.grad.item()) == (9.0, 6.0)

    return run, check


def scalars(folder: Path) -> Any:
    x = ad.Scalar(2.0)

    def run() -> None:
        y = x.exp() * x + 1 / x
        y.backward(create_graph=True)

    def check() -> None:
        x.grad = None
        (x * x).backward()
        assert x.grad == 4.0
        x.grad = None

    return run, check


def second_derivatives(folder: Path) -> Any:
    x = ad.tensor([1.0, 2.0], requires_grad=True)

    def run() -> Any:
        (g,) = ad.autograd.grad((x**3).sum(), x, create_graph=True)
        return ad.autograd.grad(g.sum(), x)[0]

    return run, lambda: _equal(run(), [6.0, 12.0])


def modes(folder: Path) -> Any:
    x = ad.tensor([1.0, 2.0], requires_grad=True)

    @ad.no_grad()
    def doubled(x: Any) -> Any:
        return x * 2

    def run() -> None:
        with ad.no_grad():
            x * 2
            with ad.enable_grad():
                (x * 2).sum().backward()
        with ad.inference_mode():
            doubled(x)
        with record_lines(), profile(), saved_tensors_hooks(lambda t: t, lambda t: t):
            (x * x).sum().backward()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with detect_anomaly():
                (x * x).sum().backward()

    return run, lambda: None


def writes(folder: Path) -> Any:
    x = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)

    def run() -> Any:
        y = x * 1
        y.mul_(2)
        part = y[1:]
        part.add_(x[:2])
        y[0] = 5.0
        return y.sum()

    def check() -> None:
        x.grad = None
        run().backward()
        _equal(x.grad, [1.0, 3.0, 2.0])

    return run, check


def step_of(make: Callable[[Any], Any]) -> Program:
    def program(folder: Path) -> Any:
        model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Tanh(), nn.Linear(3, 1))
        optimizer = make(model.parameters())
        x = ad.randn(4, 2)

        def run() -> None:
            optimizer.zero_grad()
            (model(x) ** 2).mean().backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()

        def check() -> None:
            model.train()
            run()
            assert all(np.isfinite(p.numpy(force=True)).all() for p in model.parameters())
            optimizer.load_state_dict(optimizer.state_dict())
            run()

        return run, check

    return program


def restoring_an_optimizer(folder: Path) -> Any:
    p = ad.ones(2, requires_grad=True)
    optimizer = optim.Adam([p], lr=0.1)
    p.sum().backward()
    optimizer.step()
    state = optimizer.state_dict()

    def check() -> None:
        assert set(optimizer.state_dict()["state"][0]) == {"step", "exp_avg", "exp_avg_sq"}

    return lambda: optimizer.load_state_dict(state), check


def compiled(folder: Path) -> Any:
    """A function is compiled anew each time, and called twice."""
    x = ad.tensor([1.0, 2.0], requires_grad=True)

    def run() -> Any:
        step = ad.compile(lambda x: (x * x + ad.rand(2) * 0).sum())
        step(x)
        return step(x)

    def check() -> None:
        x.grad = None
        run().backward()
        _equal(x.grad, [2.0, 4.0])
        x.grad = None
        assert "value" not in ad.Tensor.__dict__  # where a recording watches values

    return run, check


def saving(folder: Path) -> Any:
    file = folder / "model.pt"
    states = [{"w": ad.full((3,), float(i)), "n": i} for i in (1, 2)]
    ad.save(states[0], file)

    def check() -> None:
        assert ad.load(file)["n"] in (1, 2)
        assert list(folder.iterdir()) == [file]
        ad.save(states[0], file)

    return lambda: ad.save(states[1], file), check


def keeping_the_place(folder: Path) -> Any:
    progress = Progress(folder)
    progress.at("tensors", 1)

    def run() -> None:
        progress.at("tensors", 2)
        progress.has_passed("tensors", "slope")

    def check() -> None:
        again = Progress(folder)
        assert (again.last_lesson, again.note) == ("tensors", "")
        assert again.step("tensors") in (1, 2)
        json.loads((folder / "progress.json").read_text())
        assert sorted(f.name for f in folder.iterdir()) == [".lock", "progress.json"]
        progress.at("tensors", 1)
        assert progress.step("tensors") == 1

    return run, check


def loading(persistent: bool) -> Program:
    def program(folder: Path) -> Any:
        data = [np.full(2000, float(i)) for i in range(6)]
        loader = DataLoader(data, 2, num_workers=2, persistent_workers=persistent)

        def run() -> list[float]:
            return [float(batch[0, 0]) for batch in loader]

        def check() -> None:
            assert run() == [0.0, 2.0, 4.0]
            if loader._pool is not None:
                loader._pool.close()

        return run, check

    return program


def rendering(folder: Path) -> Any:
    script = folder / "train.py"
    script.write_text(
        "import autodiff as ad\n"
        "x = ad.tensor([1.0, 2.0], requires_grad=True)\n"
        "loss = (x * x).sum()\n"
        "loss.backward()\n"
    )
    picture = folder / "loss.svg"
    before = (list(sys.argv), list(sys.path), ad.autograd.backward)

    def run() -> None:
        render.save(render.render(str(script), "loss", "backward"), str(picture))

    def check() -> None:
        assert (list(sys.argv), list(sys.path), ad.autograd.backward) == before
        run()
        assert picture.read_text().endswith("</svg>\n")
        assert sorted(f.name for f in folder.iterdir()) == ["loss.svg", "train.py"]

    return run, check


def a_lesson(folder: Path) -> Any:
    lesson = load_course()[0]
    sessions = []
    whole = Session(lesson).output(1)

    def run() -> None:
        sessions[:] = [Session(lesson)]
        sessions[0].output(1)

    def check() -> None:
        for session in sessions:
            assert session.output(1) == whole
            assert len(session.questions) == len(session.outputs)

    return run, check


def an_exercise(folder: Path) -> Any:
    exercise = next(lesson for lesson in load_course() if lesson.exercises).exercises[0]

    def run() -> Any:
        return check_file(exercise, exercise.solution)

    def check() -> None:
        assert run().passed

    return run, check


def pictures(folder: Path) -> Any:
    x = ad.tensor([1.0, 2.0], requires_grad=True)

    def run() -> str:
        loss = (x * x).sum()
        return str(viz.graph(loss)) + str(viz.backward(loss)) + str(viz.why(x))

    return run, run


PROGRAMS: dict[str, Program] = {
    "building": building,
    "accumulating": accumulating,
    "scalars": scalars,
    "second derivatives": second_derivatives,
    "modes": modes,
    "writes": writes,
    **{f"{name} step": step_of(make) for name, make in OPTIMIZERS.items()},
    "restoring an optimizer": restoring_an_optimizer,
    "compiled": compiled,
    "saving": saving,
    "keeping the place": keeping_the_place,
    "loading": loading(persistent=False),
    "loading again": loading(persistent=True),
    "rendering": rendering,
    "a lesson": a_lesson,
    "an exercise": an_exercise,
    "pictures": pictures,
}


def _equal(x: Any, expected: list[float]) -> None:
    assert x.tolist() == expected, (x, expected)
