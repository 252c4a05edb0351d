"""Session: the running of one lesson, step by step, in one namespace."""

from __future__ import annotations

import ast
import linecache
import sys
import textwrap
import traceback
from contextlib import redirect_stdout
from types import TracebackType
from typing import Any, TextIO

from lessons.format import Lesson
from lessons.predict import Question, Verdict

__all__ = ["Session"]

WIDTH = 80
"""The widest a line of output becomes, in columns."""


class Session:
    """Runs the steps of a lesson in order and remembers what each one printed.

    A step runs once. Going back shows what it printed; jumping ahead runs what lies between. The
    question of a step is made right after its code has run, before anything changes.
    """

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.outputs: list[str] = []
        self.questions: list[Question | None] = []
        self._variables: list[dict[str, Any]] = []
        self.namespace: dict[str, Any] = {"__name__": "__main__", "__file__": str(lesson.path)}

    def output(self, index: int, live: TextIO | None = None) -> str:
        """What step ``index`` (from 0) prints, running it and the steps before it if need be.

        While the step itself runs, its output also goes to ``live``. A step that fails ends with
        its traceback, and the lesson goes on.
        """
        while len(self.outputs) <= index:
            current = len(self.outputs)
            screen = live if current == index else None
            text, question, variables = self._run(current, screen)
            # The output comes last: who looks whether a step has run looks there.
            self.questions[current:] = [question]
            self._variables[current:] = [variables]
            self.outputs.append(text)
        return self.outputs[index]

    def question(self, index: int) -> Question | None:
        """What a step asks in its predict cell, if it has one; runs the step if need be."""
        self.output(index)
        return self.questions[index]

    def judge(self, index: int, answer: str) -> Verdict:
        """What to say to an answer to the question of a step, with the variables of that moment.

        Raises:
            UnclearError: the answer cannot be read.
        """
        question = self.question(index)
        assert question is not None, "this step asks nothing"
        return question.judge(answer, self._variables[index])

    def has_run(self, index: int) -> bool:
        """Whether the output of a step is known already."""
        return index < len(self.outputs)

    def _run(self, index: int, live: TextIO | None) -> tuple[str, Question | None, dict[str, Any]]:
        """What a step prints, what it asks, and the variables of that moment."""
        step = self.lesson.steps[index]
        linecache.checkcache(str(self.lesson.path))
        record = _Recorder(live)
        question = None
        with redirect_stdout(record):  # type: ignore[type-var]
            try:
                if index == 0:
                    self._execute(self.lesson.preamble, 1)
                self._execute(step.code, step.line)
                if step.predict:
                    question = self._execute(step.predict, step.predict_line)
            except (Exception, SystemExit):
                kind, error, trace = sys.exc_info()
                print("".join(traceback.format_exception(kind, error, _inside(trace))), end="")
        if not isinstance(question, Question):
            return record.text(), None, {}
        return record.text(), question, dict(self.namespace)

    def _execute(self, source: str, line: int) -> Any:
        """Run code of the lesson, which begins at ``line``; the value of a last expression."""
        path = str(self.lesson.path)
        tree = ast.parse("\n" * (line - 1) + source, path)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path, "exec"), self.namespace)
        if not isinstance(last, ast.Expr):
            return None
        return eval(compile(ast.Expression(last.value), path, "eval"), self.namespace)


def _inside(trace: TracebackType | None) -> TracebackType | None:
    """The part of a traceback that is in the lesson."""
    while trace is not None and trace.tb_frame.f_code.co_filename in (__file__, ast.__file__):
        trace = trace.tb_next
    return trace


class _Recorder:
    """A stream that keeps what is written to it, and passes it on to another one."""

    encoding = "utf-8"

    def __init__(self, live: TextIO | None) -> None:
        self._live = live
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        shown = "\n".join(_folded(line) for line in text.split("\n"))
        self._parts.append(shown)
        if self._live is not None:
            self._live.write(shown)
            self._live.flush()
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def text(self) -> str:
        return "".join(self._parts)


def _folded(line: str) -> str:
    """A line too long for a terminal, broken between words: PyTorch's messages come in one.

    What is indented (drawings, tracebacks) stays as it is.
    """
    if len(line) <= WIDTH or line.startswith(" "):
        return line
    return textwrap.fill(line, WIDTH, break_on_hyphens=False)
