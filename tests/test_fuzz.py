"""A short run of every fuzz target, and what longer runs have found."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import autodiff as ad
from lessons import predict
from lessons.compare import UnclearError, numbers_in
from lessons.player.progress import Progress
from tests.fuzz.labels import fetches
from tests.fuzz.target import run
from tests.fuzz.targets import TARGETS

FEWER = {"labels": 10, "learner": 3}
"""Of most targets 40 inputs are tried; these take longer."""


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_crashes_or_hangs(name: str) -> None:
    result = run(TARGETS[name], inputs=FEWER.get(name, 40))
    assert result.sound, (result.hangs, result.crashes)


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_sound_is_accepted(name: str) -> None:
    TARGETS[name].use(TARGETS[name].sound())


def test_sound_progress_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    file.write_bytes(TARGETS["progress"].sound())
    assert Progress(tmp_path).passed("tensors", "slope")
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "part",
    [
        '<image href="https://example.org/x.png"/>',
        '<image xlink:href="x.png"/>',
        '<a href="javascript:run()">x</a>',
        '<form action="/x"></form>',
        '<script src="x.js"></script>',
        '<rect onclick="run()"/>',
        '<rect fill="url(x.svg#a)"/>',
        "<style>a { background: url( 'x.png' ) }</style>",
        "<style>@import 'x.css';</style>",
    ],
)
def test_what_a_picture_would_fetch_is_noticed(part: str) -> None:
    assert fetches(f'<svg xmlns="http://www.w3.org/2000/svg">{part}</svg>')


def test_fragments_and_data_are_not_fetched() -> None:
    assert not fetches(
        '<svg xmlns="http://www.w3.org/2000/svg"><a href="#b"/><image href="data:image/png;,"/>'
        "<rect fill=\"url( '#a')\"/><text>url(x) href='x'</text></svg>"
    )


def test_a_very_long_answer_is_read_at_once() -> None:
    start = time.process_time()
    with pytest.raises(UnclearError):
        numbers_in("a" * 100_000)
    assert time.process_time() - start < 5  # it took more than 10 s


def test_a_number_of_thousands_of_digits_is_no_option() -> None:
    with pytest.raises(UnclearError):
        predict.choice("yes", options=("yes", "no")).judge("9" * 5000)


@pytest.mark.parametrize(
    "answer",
    [
        "exit()",
        "quit()",
        "__import__('sys').exit()",
        "type('X', (), {'edge': 1})()",
        "type('X', (), {'__getattr__': lambda s, n: 1 / 0})()",
        "type('X', (), {'__repr__': lambda s: 1 / 0})()",
    ],
)
def test_an_answer_does_not_end_the_lesson(answer: str) -> None:
    a, b = ad.Scalar(2.0), ad.Scalar(3.0)
    with pytest.raises(UnclearError):
        predict.graph(a * b).judge(answer, {"a": a, "b": b})
