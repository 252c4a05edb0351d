"""viz.compiled: the program of a compiled function as text and as a picture."""

from __future__ import annotations

import pytest

import autodiff as ad
import viz


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path_factory.getbasetemp() / "programs"))


def compiled_layer() -> ad.compiler.call.Compiled:
    w = ad.ones(3, 2, requires_grad=True)

    @ad.compile
    def f(x: ad.Tensor) -> None:
        w.grad = None
        hidden = (x @ w).tanh()
        hidden.sum().backward()

    f(ad.ones(4, 3))
    return f


def test_loops_are_frames_around_what_they_compute() -> None:
    scene = viz.compiled(compiled_layer()).scene
    (loop,) = scene.clusters
    titles = {box.id: box.content[0].text for box in scene.boxes}
    assert titles[loop.boxes[0]] == "hidden = tanh(product)"
    assert "product = x @ w" in titles.values()
    assert "w.grad" in titles.values()
    assert all(a.source in titles and a.target in titles for a in scene.arrows)


def test_text_says_what_is_written_to_memory() -> None:
    told = viz.compiled(compiled_layer()).text().splitlines()
    assert told[0] == "5 operations in 1 loop and 2 other lines"
    assert "loop_1" in told
    assert any("hidden = tanh(product)" in line and "only in the loop" in line for line in told)


def test_it_is_drawn() -> None:
    assert viz.compiled(compiled_layer()).svg.startswith("<svg")


def test_a_function_that_was_not_called_has_no_program() -> None:
    with pytest.raises(RuntimeError, match="Fix: call it once"):
        viz.compiled(ad.compile(lambda x: x))
