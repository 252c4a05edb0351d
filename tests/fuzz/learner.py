"""Hostile files of learners: checked in time, leaving nothing behind, passing only if right.

Not among them is what needs the rights of a learner and no mistake could be: walking the frames of
the interpreter, or searching its memory, for what the check keeps there.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import tempfile
import textwrap
import time
from pathlib import Path

from lessons.format import Exercise
from lessons.report import STATUSES
from lessons.runner import check_file
from tests.fuzz.target import Target

__all__ = ["ACTIONS", "TARGETS", "left_behind"]

FOLDER = tempfile.TemporaryDirectory(prefix="autodiff-fuzz-")
CHECK = """
from lessons.checking import expect, require

def check(work):
    expect(work.slope(2.0), 4.0, "slope(2.0)", wrong={2.0: "That is x itself."})
    require(abs(work.slope(-1.0) + 2.0) < 1e-9, "slope(-1.0) is not -2.0.")
"""
RIGHT, WRONG = "2 * x", "3 * x"
MARK = "AUTODIFF_FUZZ"

HEAD = """
import atexit, builtins, json, os, resource, shutil, signal, subprocess, sys, threading, time
import numpy, autodiff, lessons.checking, lessons.judge, lessons.report
"""  # fmt: skip

REPORT = """{"status": "passed", "what": "", "hint": "", "picture": "", "output": ""}"""

ACTIONS = {
    # processes and threads
    "fork": "for _ in range(20):\n    if os.fork() == 0: time.sleep(1000)",
    "fork of forks": "for _ in range(5): os.fork()",
    "daemon": (
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(1000)\n"
        "    os._exit(0)"
    ),
    "session": "subprocess.Popen(['sleep', '1000'], start_new_session=True)",
    "nameless": "subprocess.Popen(['sleep', '1000'], start_new_session=True, env={MARK: VALUE})",
    "thread": "threading.Thread(target=time.sleep, args=(1000,)).start()",
    "threads": "for _ in range(50): threading.Thread(target=time.sleep, args=(1000,)).start()",
    "printing thread": "threading.Thread(target=lambda: [print(n) for n in range(10**9)]).start()",
    # using up
    "loop": "while True: pass",
    "stubborn loop": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    ),
    "output": "while True: print('x' * 1000)",
    "bytes": "os.write(1, bytes(range(256)) * 100)",
    "recursion": "def again(): again()\nagain()",
    "deep recursion": "sys.setrecursionlimit(10**9)\ndef again(): again()\nagain()",
    "memory": "more = 'x' * (1 << 40)",
    "memory by and by": "more = []\nwhile True: more.append(bytearray(1 << 24))",
    "sleep": "time.sleep(1000)",
    "input": "input()",
    "big file": "with open('big', 'wb') as file:\n    while True: file.write(bytes(1 << 20))",
    "files": "more = [open(os.devnull) for _ in range(10**6)]",
    "many digits": "print(int('9' * 10**6))",
    # ending
    "exit": "sys.exit(0)",
    "hard exit": "os._exit(0)",
    "exit unreported": "os._exit(77)",
    "exit like a signal": "os._exit(137)",
    "exit like no signal": "os._exit(255)",
    "abort": "os.abort()",
    "suicide": "os.kill(os.getpid(), signal.SIGKILL)",
    "stop": "os.kill(os.getpid(), signal.SIGSTOP)",
    "kill the parent": "os.kill(os.getppid(), signal.SIGKILL)",
    "stop the parent": "os.kill(os.getppid(), signal.SIGSTOP)",
    "kill the group": "os.kill(0, signal.SIGKILL)",
    "interrupt": "raise KeyboardInterrupt",
    "at exit": "atexit.register(os._exit, 0)",
    "endless at exit": "atexit.register(time.sleep, 1000)",
    "alarm": "signal.setitimer(signal.ITIMER_REAL, 0.01)",
    "signals": "for n in set(signal.Signals) - {9, 19}: signal.signal(n, lambda *_: None)",
    "trace": "sys.settrace(lambda *_: sys.exit(0))",
    # errors that resist being shown
    "odd error": "class Odd(Exception):\n    def __str__(self): return 1 / 0\nraise Odd",
    "long error": "raise ValueError('x' * 10**7)",
    "error in colour": "raise ValueError('\\x1b[2J\\ud800')",
    "check's own error": "raise lessons.checking.CheckError(object(), b'x')",
    "no error class": "raise 3",
    "group": "raise BaseExceptionGroup('x', [SystemExit(0)])",
    "many lines": "print('\\n' * 10**4)",
    "lone surrogate": "print('\\ud800')",
    # taking away
    "close": "os.closerange(0, 100)",
    "close output": "sys.stdout.close(); sys.stderr.close()",
    "no output": "sys.stdout = sys.stderr = sys.__stdout__ = None",
    "empty folder": "for name in os.listdir(): os.remove(name)",
    "remove folder": "shutil.rmtree(os.getcwd())",
    "remove file": "os.remove(__file__)",
    "lock folder": "os.chmod(os.getcwd(), 0)",
    "no more files": "resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))",
    "no more bytes": "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))",
    "no more memory": "resource.setrlimit(resource.RLIMIT_AS, (1 << 20, 1 << 20))",
    "no environment": "os.environ.clear()",
    "no modules": "sys.modules.clear()",
    "no paths": "sys.path.clear(); sys.meta_path.clear()",
    "no builtins": "vars(builtins).clear()",
    "no names": "globals().clear()",
    # a report of its own
    "report": "with open(sys.argv[4], 'w') as file: file.write(REPORT)",
    "report and exit": (
        "with open(sys.argv[4], 'w') as file: file.write('\\n' + REPORT)\nos._exit(0)"
    ),
    "report by descriptors": (
        "for n in range(3, 50):\n    try: os.write(n, REPORT.encode())\n    except OSError: pass"
    ),
    "report as pipe": "os.mkfifo(sys.argv[4])",
    "report as folder": "os.mkdir(sys.argv[4])",
    "report as link": "os.symlink('/dev/zero', sys.argv[4])",
    "report as zeros": "with open(sys.argv[4], 'w') as file: file.truncate(60 << 20)\nos._exit(0)",
    "printed report": "print(REPORT)",
    "late report": (
        "def late():\n    while True:\n"
        "        with open(sys.argv[4], 'w') as file: file.write(REPORT)\n"
        "threading.Thread(target=late).start()"
    ),
    # other checkers
    "expect": "lessons.checking.expect = lambda *_, **__: None",
    "fail": "lessons.checking.fail = lambda *_, **__: None",
    "require": "lessons.checking.require.__code__ = (lambda *_, **__: None).__code__",
    "close enough": "numpy.allclose = lambda *_, **__: True",
    "compare": "import lessons.compare; lessons.compare.close = lambda *_: True",
    "judge": "lessons.judge.judge = lambda *_: lessons.report.Report('passed')",
    "passing report": "lessons.judge.Report = lambda *_: lessons.report.Report('passed')",
    "passing fields": "lessons.report.Report.fields = lambda self: json.loads(REPORT)",
    "dumps": "json.dumps = lambda *_, **__: REPORT",
    "no exit": "os._exit = lambda code: None",
    "no error": (
        "lessons.judge.CheckError = lessons.checking.CheckError = type('No', (Exception,), {})"
    ),
    "fake checking": "sys.modules['lessons.checking'] = type(sys)('lessons.checking')",
    "snapshot": "import lessons.untouched; lessons.untouched.Snapshot.changed = lambda self: ''",
    "tensor": "autodiff.Tensor.__eq__ = lambda *_: True",
    "backward": "autodiff.Tensor.backward = lambda *_, **__: None",
    "abs": "builtins.abs = lambda x: 0.0",
    "isinstance": "builtins.isinstance = lambda *_: True",
    "bool": "builtins.bool = lambda x=True: True",
    "float": "builtins.float = lambda x=0.0: 4.0",
    "import": "builtins.__import__ = lambda *_, **__: None",
    "exceptions": "builtins.BaseException = builtins.Exception = ValueError",
    "open": "builtins.open = None; os.open = None; os.write = None",
}  # fmt: skip
"""What a file may do besides its exercise, by name."""

LIARS = {
    "equal to all": "type('Liar', (float,), {'__eq__': lambda *_: True, '__hash__': None})(x)",
    "any tensor": "type('Liar', (), {'detach': lambda self: self, 'item': lambda self: 3.0})()",
    "close to all": "type('Liar', (), {'__add__': lambda *_: 0.0, '__float__': lambda _: 3.0})()",
    "nothing": "None",
    "nan": "float('nan')",
    "a shape": "numpy.zeros((0, 4))",
}
"""Wrong results that pretend to be right ones."""


def _make(chance: random.Random) -> tuple[str, bool]:
    """A file, and whether what it defines is right unless one of its actions prevents that."""
    right = chance.random() < 0.4
    result = RIGHT if right else chance.choice((WRONG, *LIARS.values()))
    actions = {"before": "", "inside": "", "after": ""}
    for name in chance.sample(sorted(ACTIONS), chance.choice((1, 1, 2, 3, 4))):
        action = ACTIONS[name]
        if chance.random() < 0.2:
            action = f"try:\n{textwrap.indent(action, '    ')}\nexcept BaseException: pass"
        actions[chance.choice(sorted(actions))] += action + "\n"
    inside = textwrap.indent(actions["inside"] + f"return {result}", "    ")
    source = f"{HEAD}REPORT = {REPORT!r}\n{actions['before']}def slope(x):\n{inside}\n"
    return source + actions["after"], right


def left_behind(mark: str) -> list[str]:
    """The processes, and folders, that checks with this mark in their environment have left."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().decode(errors="replace"))
        except OSError:
            continue  # it has ended, or is another user's
    return found + [str(folder) for folder in Path(FOLDER.name).glob("autodiff-check-*")]


def _check(file: tuple[str, bool]) -> None:
    source, right = file
    mark = secrets.token_hex()
    exercise = Exercise("lesson", "slope", Path(FOLDER.name))
    (exercise.folder / "check.py").write_text(CHECK)
    path = exercise.folder / "slope.py"
    source = source.replace("{MARK: VALUE}", repr({MARK: mark}))
    path.write_text(source, encoding="utf-8", errors="surrogatepass")
    os.environ[MARK], tempfile.tempdir = mark, FOLDER.name
    try:
        report = check_file(exercise, path, seconds=6.0, cpu_seconds=2, megabytes=1024)
    finally:
        del os.environ[MARK]
        tempfile.tempdir = None
    assert report.status in STATUSES
    assert right or not report.passed, "a false pass"
    assert report.passed or report.what
    assert "Traceback" not in report.what
    assert len(report.feedback) < 10_000
    assert len(report.output) < 3_000
    report.feedback.encode()
    end = time.monotonic() + 2  # the kernel may still be at it
    while left_behind(mark) and time.monotonic() < end:
        time.sleep(0.01)
    assert not left_behind(mark), left_behind(mark)


TARGETS = (
    [Target("learner", lambda: (f"def slope(x): return {RIGHT}\n", True), _make, _check)]
    if sys.platform == "linux"
    else []
)
