"""A learner's file may do anything: the check says what, and this process goes on."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from lessons import runner
from lessons.format import Exercise
from lessons.report import Report
from lessons.runner import check_file
from tests.fuzz import learner
from tests.fuzz.learner import MARK, left_behind
from tests.fuzz.target import run

CHECK = """
from lessons.checking import expect, expect_gradient

def check(work):
    expect(work.slope(2.0), 4.0, "slope(2.0)", wrong={2.0: "That is x itself."})
"""

WITHOUT = "import lessons.apart; lessons.apart._new_namespace = lambda: False; go_apart()"

RIGHT = "def slope(x):\n    return 2 * x\n"


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    folder = tmp_path / "slope"
    folder.mkdir()
    (folder / "check.py").write_text(CHECK)
    return Exercise("lesson", "slope", folder)


def check(exercise: Exercise, source: str, name: str = "slope.py", **limits: float) -> Report:
    file = exercise.folder.parent / name
    file.write_text(source)
    return check_file(exercise, file, **limits)


def test_right(exercise: Exercise) -> None:
    report = check(exercise, "print('here')\n" + RIGHT)
    assert report == Report("passed", output="here\n")


def test_wrong(exercise: Exercise) -> None:
    report = check(exercise, "def slope(x):\n    return x\n")
    assert report.status == "failed"
    assert report.feedback == "slope(2.0) gives 2.0, expected 4.0.\nThat is x itself."


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        ("def slope(x):\n    raise NotImplementedError\n", "unfinished", "line 2:  raise Not"),
        ("def slope(x):\n    ...\n", "failed", "gives None, expected 4.0.\nIs a `return` missing?"),
        ("def slope(x)\n    return x\n", "broken", "not Python yet: expected ':'\n  line 1:"),
        (
            "def slope(x):\n    return x / 0\n",
            "broken",
            "division by zero\n  line 2:  return x / 0",
        ),
        ("def slop(x):\n    return x\n", "failed", "slope.py has no `slope`"),
        ("def slope(x):\n    return x.foo\n", "broken", "AttributeError: 'float' object has no"),
        (RIGHT + "for n in list(globals()): del globals()[n]\n", "failed", "has no `slope`"),
        (RIGHT + "import sys\nsys.exit(0)\n", "broken", "ends the program itself:\n  line 4"),
        (RIGHT + "import os\nos._exit(0)\n", "broken", "ended the program itself (exit code 0)"),
        (RIGHT + "raise KeyboardInterrupt\n", "broken", "KeyboardInterrupt\n  line 3"),
        (RIGHT + "while True: print('again')\n", "broken", "prints more than 100,000 characters"),
        ("def slope(x):\n    return slope(x)\n", "broken", "RecursionError"),
        ("name = input()\n" + RIGHT, "broken", "EOFError"),
        ("x = '\0'\n", "broken", "null bytes"),
        (RIGHT + "import sys\nsys.stdout = sys.stderr = None\n", "passed", ""),
        (RIGHT + "import autodiff, random, numpy\n", "passed", ""),
    ],
)
def test_whatever_the_file_does(exercise: Exercise, source: str, status: str, words: str) -> None:
    report = check(exercise, source)
    assert report.status == status
    assert words in report.feedback
    assert "Traceback" not in report.feedback
    assert len(report.output) < 3000


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
def test_an_endless_loop_is_stopped_where_it_is(exercise: Exercise) -> None:
    report = check(exercise, "n = 0\nwhile True:\n    n += 1\n", cpu_seconds=2)
    assert "too long" in report.what
    assert "line 2" in report.what or "line 3" in report.what


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
def test_a_loop_that_catches_everything_is_stopped_too(exercise: Exercise) -> None:
    source = "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
    assert "too long" in check(exercise, source, cpu_seconds=1).what


def test_waiting_for_ever_is_stopped_by_the_clock(exercise: Exercise) -> None:
    before = time.monotonic()
    report = check(exercise, "import time\ntime.sleep(1000)\n", seconds=2.0)
    assert "too long" in report.what
    assert time.monotonic() - before < 10


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of memory")
def test_a_huge_allocation_fails_in_its_own_process(exercise: Exercise) -> None:
    report = check(exercise, "x = 'a' * (64 << 30)\n")
    assert report.what == "This needs too much memory:\n  line 1:  x = 'a' * (64 << 30)"


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_child_that_keeps_the_output_open_holds_nobody_up(exercise: Exercise) -> None:
    source = RIGHT + "import os, time\nif os.fork() == 0:\n    time.sleep(1000)\n"
    before = time.monotonic()
    assert check(exercise, source).passed
    assert time.monotonic() - before < 10


def test_a_file_named_like_a_library_stands_in_nobodys_way(exercise: Exercise) -> None:
    (exercise.folder.parent / "numpy.py").write_text("raise RuntimeError('taken for numpy')\n")
    assert check(exercise, RIGHT + "import numpy\nnumpy.zeros(2)\n", "random.py").passed


def test_bytes_that_are_no_text(exercise: Exercise) -> None:
    file = exercise.folder.parent / "slope.py"
    file.write_bytes(b"\xff\xfe\x00")
    assert check_file(exercise, file).what == "slope.py is not a text file in UTF-8."


def test_a_missing_file(exercise: Exercise, tmp_path: Path) -> None:
    assert "There is no file" in check_file(exercise, tmp_path / "gone.py").what


def test_a_report_of_its_own_is_not_taken_for_the_check(exercise: Exercise) -> None:
    source = "import json, os, sys\nfields = dict.fromkeys(('what', 'hint', 'picture'), '')\n"
    source += "with open(sys.argv[4], 'w') as file:\n"
    source += "    json.dump({'status': 'passed', **fields}, file)\nos._exit(0)\n"
    assert "ended the program itself" in check(exercise, source).what


def test_methods_that_the_engine_makes_when_they_are_called(exercise: Exercise) -> None:
    source = "from autodiff import Scalar\ndef slope(x):\n    return (2 * Scalar(x) * 1).item()\n"
    assert check(exercise, source).passed


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import lessons.checking\nlessons.checking.expect = print\n", "lessons.checking.expect"),
        ("import builtins\nbuiltins.abs = lambda x: 0\n", "builtins.abs"),
        ("import autodiff as ad\nad.Tensor.__eq__ = print\n", "autodiff.tensor.Tensor.__eq__"),
        (
            "from lessons.checking import fail\nfail.__code__ = (lambda *_: None).__code__\n",
            "lessons.checking.fail",
        ),
        ("import lessons.compare\nlessons.compare.len = print\n", "lessons.compare.len"),
    ],
)
def test_what_checks_is_not_replaced(exercise: Exercise, source: str, name: str) -> None:
    report = check(exercise, source + "def slope(x):\n    return x\n")
    assert report.status == "broken"
    assert f"replaces `{name}`" in report.what


@pytest.mark.skipif(sys.platform != "linux", reason="needs namespaces of processes")
@pytest.mark.parametrize("alone", [True, False], ids=["namespace", "none"])
def test_the_parent_of_a_file_is_not_who_checks_it(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    if not alone:
        monkeypatch.setattr(runner, "START", runner.START.replace("go_apart()", WITHOUT))
    source = "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\n"
    report = check(exercise, RIGHT + source + f"time.sleep({0 if alone else 100})\n")
    assert report.passed is alone


@pytest.mark.skipif(sys.platform != "linux", reason="needs namespaces of processes")
def test_no_process_is_left(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MARK, "here")
    source = "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
    assert check(exercise, RIGHT + source).passed
    assert left_behind(f"{MARK}=here") == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
@pytest.mark.slow
def test_hostile_files() -> None:
    (target,) = learner.TARGETS
    result = run(target, inputs=20)
    assert result.sound, (result.hangs, result.crashes)
