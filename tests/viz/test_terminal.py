"""Pictures in the terminal: stepping with keys, inline images, NO_COLOR and pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable

import pytest

import autodiff as ad
import viz
from viz import terminal


def pressed(keys: list[str]) -> Callable[[], str]:
    waiting = iter(keys)
    return lambda: next(waiting)


def steps() -> viz.BackwardPass:
    x = ad.Scalar(3.0)
    y = x.log()
    return viz.backward(y**2 / x**2)


def walked(*keys: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The headings that were shown, one after the other."""
    terminal.walk(steps(), pressed([*keys, "q"]))
    shown = capsys.readouterr().out.splitlines()
    return [line for line in shown if line.startswith(("Step ", "Before the backward"))]


def test_forward_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    shown = walked("n", "right", "b", "left", "left", capsys=capsys)
    places = [line.split(":")[0] for line in shown]
    before = "Before the backward pass"
    assert places == [before, "Step 1 of 5", "Step 2 of 5", "Step 1 of 5", before, before]


def test_the_end_is_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert walked(*"nnnnnnnn", capsys=capsys)[-1].startswith("Step 5 of 5: x")


def test_jump_and_stop_conditions(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["4", "0.2", "nonsense"]
    monkeypatch.setattr("builtins.input", lambda *prompt: answers.pop(0))
    shown = walked("j", "b", "b", "b", "b", "n", ">", capsys=capsys)
    assert shown[1].startswith("Step 4 of 5")
    assert shown[-1].startswith("Step 3 of 5: y = log(x)")
    assert walked("j", capsys=capsys)[-1].startswith("Before")


def test_next_nan(capsys: pytest.CaptureFixture[str]) -> None:
    x = ad.Scalar(0.0)
    y = x.sqrt() * 0.0
    terminal.walk(viz.backward(y), pressed(["N", "q"]))
    assert "Step 3 of 3: x" in capsys.readouterr().out


def test_the_tree_shows_where_the_pass_is(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.walk(steps(), pressed(["n", "n", "q"]))
    last = capsys.readouterr().out.split("Step 2")[0].split("Step 1")[1]
    assert "gradient 0.1111  ◀ step 2" in last
    assert last.count("gradient ") == 3


def test_without_a_terminal_nothing_is_erased_or_coloured() -> None:
    program = "import autodiff as ad, viz\nx = ad.Scalar(2.0)\nviz.backward(x * x).walk()\n"
    for extra in ({}, {"NO_COLOR": "1"}, {"FORCE_COLOR": ""}):
        done = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True, check=True, text=True, env={**os.environ, **extra},
        )  # fmt: skip
        assert "\x1b" not in done.stdout
        assert "Step 2 of 2: x" in done.stdout


@pytest.mark.parametrize("variable", ["KITTY_WINDOW_ID", "TERM_PROGRAM"])
def test_terminals_with_images_get_the_picture(
    variable: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("KITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    picture = steps()
    picture.show()
    assert capsys.readouterr().out.startswith("step 1")
    monkeypatch.setenv(variable, {"TERM_PROGRAM": "iTerm.app"}.get(variable, "1"))
    picture.show()
    out = capsys.readouterr().out
    start = "\x1b_G" if variable == "KITTY_WINDOW_ID" else "\x1b]1337;File=inline=1"
    assert out.startswith(start)
    if variable == "KITTY_WINDOW_ID":
        chunks = [part.split(";")[1] for part in out.split("\x1b\\") if ";" in part]
        assert b64decode("".join(chunks)) == picture.png
