"""The same lesson as a notebook: `autodiff export --notebook LESSON`."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from lessons.format import COURSE, Lesson, Step, text_of
from viz.render import write_file

__all__ = ["export_notebooks", "notebook_of"]

HIDDEN = {"jupyter": {"source_hidden": True}}
"""Metadata of a cell that gives an answer away: JupyterLab shows it folded."""


def notebook_of(lesson: Lesson) -> str:
    """A lesson as a Jupyter notebook: its prose and its code in cells, not yet run.

    A question becomes a cell for the prediction before the code and one that checks it after; an
    exercise a cell that writes the learner's file, one that checks it, and its hints.

    Raises:
        ImportError: nbformat is not installed.
    """
    try:
        from nbformat import v4, writes
    except ImportError:
        raise ImportError(
            "notebooks need nbformat, which is not installed.\n"
            "  Fix: pip install nbformat, or install this project with its extra `notebook`."
        ) from None
    cells = [v4.new_markdown_cell(f"# {lesson.title}\n\n{lesson.summary}", id="title")]
    if setup := _setup(lesson):
        cells.append(v4.new_code_cell(setup, id="setup", metadata=HIDDEN))
    for number, step in enumerate(lesson.steps, start=1):
        for kind, source, metadata in _cells(lesson, step):
            new = v4.new_markdown_cell if kind in ("prose", "hints") else v4.new_code_cell
            cells.append(new(source, id=f"{kind}-{number}", metadata=metadata))
    if lesson.closing:
        cells.append(v4.new_markdown_cell(lesson.closing, id="closing"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return writes(notebook) + "\n"


def _setup(lesson: Lesson) -> str:
    """What the lesson imports before its first step, and what the cells that check need."""
    body = ast.parse(lesson.preamble).body
    hidden = [node for node in body if not isinstance(node, ast.Expr)]
    imports = []
    if any(step.exercise for step in lesson.steps):
        imports.append("from lessons.format import COURSE")
        imports.append("from lessons.notebook import check_exercise")
    if any(step.predict for step in lesson.steps):
        imports.append("from lessons.notebook import check_prediction")
    return "\n".join([*map(ast.unparse, hidden), *imports])


def _cells(lesson: Lesson, step: Step) -> list[tuple[str, str, dict[str, Any]]]:
    """Kind, source and metadata of each cell of a step."""
    if step.exercise:
        return [("prose", step.prose, {}), *_exercise(lesson, step)]
    cells: list[tuple[str, str, dict[str, Any]]] = [("prose", step.prose, {})]
    if step.predict:
        cells.append(("predict", "my_prediction = None  # write it here instead of None", {}))
    cells.append(("code", step.code, {}))
    if step.predict:
        cells.append(("check", _judged(step.predict), HIDDEN))
    return cells


def _judged(predict: str) -> str:
    """The code of a predict cell, its last expression handed to what judges the prediction."""
    last = ast.parse(predict).body[-1]
    lines = predict.splitlines()
    before = "\n".join(lines[: last.lineno - 1])
    question = "\n".join(lines[last.lineno - 1 : last.end_lineno])
    return f"{before}\ncheck_prediction({question}, my_prediction, globals())".lstrip("\n")


def _exercise(lesson: Lesson, step: Step) -> list[tuple[str, str, dict[str, Any]]]:
    exercise = lesson.exercise(step.exercise)
    file = f"{exercise.name}.py"
    start = text_of(exercise.start).rstrip()
    hints = [
        f"<details><summary>Hint {number}</summary>\n\n{hint}\n\n</details>"
        for number, hint in enumerate(exercise.hints, start=1)
    ]
    return [
        ("exercise", f"%%writefile {file}\n{start}", {}),
        ("check", f"check_exercise({_folder(exercise.folder)}, {file!r})", {}),
        *([("hints", "\n\n".join(hints), {})] if hints else []),
    ]


def _folder(folder: Path) -> str:
    """Code for the folder of an exercise; one of ours is found where the notebook runs."""
    if COURSE not in folder.parents:
        return repr(str(folder.resolve()))
    return f"COURSE / {folder.relative_to(COURSE).as_posix()!r}"


def export_notebooks(lessons: list[Lesson], folder: Path) -> list[Path]:
    """Write one notebook for each lesson into a folder, which is made if need be.

    Raises:
        ImportError: nbformat is not installed.
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for lesson in lessons:
        file = folder / f"{lesson.id}.ipynb"
        write_file(file, notebook_of(lesson).encode())
        files.append(file)
    return files
