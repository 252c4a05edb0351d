"""The backward pass as a sequence of pictures."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

import autodiff as ad
import viz


def steps() -> viz.BackwardPass:
    x = ad.Scalar(3.0)
    y = x.log()
    loss = y**2 / x**2
    return viz.backward(loss)


def test_a_sequence() -> None:
    passed = steps()
    assert len(passed) == 5
    assert [frame.step for frame in passed] == [1, 2, 3, 4, 5]
    assert passed[-1].step == 5
    with pytest.raises(IndexError):
        passed[5]


def test_each_frame_tells_the_steps_so_far() -> None:
    passed = steps()
    for number, frame in enumerate(passed, start=1):
        text = str(frame)
        assert f"step {number} " in text
        assert f"step {number + 1} " not in text
    assert str(passed[-1]) == str(passed)


def test_the_last_frame_has_every_gradient() -> None:
    passed = steps()
    assert passed[0].gradient == 1.0
    assert passed[-1].gradient == pytest.approx(
        2 * (1 - 1.0986122886681098) * 1.0986 / 27, rel=1e-3
    )


def test_stop_where_a_condition_holds() -> None:
    passed = steps()
    found = passed.until(lambda g: g < 0)
    assert found is not None
    assert found.step == 4
    assert passed.until(lambda g: abs(g) > 100) is None
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    large = viz.backward((x * x * 50).sum()).until(lambda g: abs(g) > 90)
    assert large is not None
    assert large.gradient.tolist() == [100.0, 200.0]


def test_what_comes_later_is_not_in_the_file() -> None:
    first, *_, last = (unescape(frame.svg).replace("\u00a0", " ") for frame in steps())
    assert "step 1: gradient 1.0" in first
    assert "step 3" not in first
    assert "step 3: gradient" in last
    assert "transparent" not in first


def test_nothing_moves_from_frame_to_frame() -> None:
    def places(svg: str) -> set[tuple[str, ...]]:
        return set(re.findall(r'<text[^>]* x="(.*?)" y="(.*?)"[^>]*>(.*?)</text>', svg))

    *frames, last = (places(frame.svg) for frame in steps())
    for earlier, later in zip(frames, [*frames[1:], last], strict=True):
        assert earlier < later


def test_numbered_files(tmp_path: Path) -> None:
    files = steps().save_frames(tmp_path / "the pass.svg")
    assert [file.name for file in files] == [f"the pass-0{n}.svg" for n in range(1, 6)]
    assert all(file.read_text().rstrip().endswith("</svg>") for file in files)
    with pytest.raises(ValueError, match="unknown format"):
        steps().save_frames(tmp_path / "x.gif")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        steps().save_frames(tmp_path / "none" / "x.svg")


def test_a_lone_leaf() -> None:
    x = ad.Scalar(3.0)
    (only,) = viz.backward(x)
    assert "step 1" in str(only)


def test_what_needs_no_working_out_is_told_once() -> None:
    x = ad.Scalar(-3.0)
    said = str(viz.backward((x + 1) ** 2))
    assert "to x: g = -4.0" in said
    assert "(-4.0) = -4.0" not in said
    assert "to x: -g = -1.0\n" in str(viz.backward(5 - x))
