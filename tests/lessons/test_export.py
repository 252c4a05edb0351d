"""Lessons as notebooks: the same prose and code, and they run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from autodiff import Scalar
from lessons import predict
from lessons.cli import main
from lessons.export import notebook_of
from lessons.format import load_course
from lessons.notebook import check_exercise, check_prediction
from tests.lessons.courses import small_course

nbformat = pytest.importorskip("nbformat")
COURSE = load_course()


@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.id)
def test_a_notebook_has_the_prose_and_the_code_of_its_lesson(lesson: object) -> None:
    notebook = nbformat.reads(notebook_of(lesson), as_version=4)
    nbformat.validate(notebook)
    assert lesson.title in notebook.cells[0].source
    shown = {cell.id: cell.source for cell in notebook.cells}
    for number, step in enumerate(lesson.steps, start=1):
        assert shown[f"prose-{number}"] == step.prose
        assert shown.get(f"code-{number}", "") == step.code
        assert (f"predict-{number}" in shown) == bool(step.predict)
        assert (f"exercise-{number}" in shown) == bool(step.exercise)
    assert notebook.cells[-1].source == lesson.closing
    assert notebook_of(lesson) == notebook_of(lesson)


def test_predictions_are_judged_in_the_notebook(capsys: pytest.CaptureFixture[str]) -> None:
    a = Scalar(3.0)
    question = predict.gradient(lambda: a * a, a, because="There are two paths.")
    for prediction, said in (
        (6, "Right. There are two paths."),
        ("a.grad = 6", "Right."),
        (3.0, "Not quite: it is 6. One contribution has replaced another."),
        (None, "It is 6. There are two paths."),
        ("six", "I cannot read 'six'"),
    ):
        check_prediction(question, prediction)
        assert capsys.readouterr().out.startswith(said)
    check_prediction(predict.graph(a * a), "a ** 2", {"a": a})
    assert "Yours:" in capsys.readouterr().out


def test_exercises_are_checked_in_the_notebook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise = next(exercise for lesson in COURSE for exercise in lesson.exercises)
    check_exercise(exercise.folder, exercise.solution)
    assert capsys.readouterr().out == "Passed.\n"
    check_exercise(exercise.folder, exercise.start)
    assert capsys.readouterr().out.strip() != "Passed."
    check_exercise(str(exercise.folder), tmp_path / "missing.py")
    assert "There is no file" in capsys.readouterr().out


def test_the_command_writes_one_or_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "my notebooks"
    assert main(["export", "vjp", "-o", str(folder)]) == 0
    assert [path.name for path in folder.iterdir()] == ["vjp.ipynb"]
    assert "wrote" in capsys.readouterr().out
    assert main(["export", "-o", str(folder)]) == 0
    assert {path.stem for path in folder.iterdir()} == {lesson.id for lesson in COURSE}


def test_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["export", "vpj"]) == 2
    assert "Did you mean 'vjp'?" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main(["export", "-o", str(tmp_path / "file")]) == 2
    small_course(tmp_path / "course")
    (tmp_path / "course" / "first" / "exercises" / "my-slope" / "hints.md").write_bytes(b"\xff")
    assert main(["export", "--course", str(tmp_path / "course"), "-o", str(tmp_path)]) == 2
    assert "hints.md is not text in UTF-8" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "nbformat", None)
    assert main(["export", "-o", str(tmp_path)]) == 2
    assert "pip install nbformat" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.id)
def test_a_notebook_runs(lesson: object, tmp_path: Path) -> None:
    from nbclient import NotebookClient

    notebook = nbformat.reads(notebook_of(lesson), as_version=4)
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=120, resources=where).execute()
    shown = {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}
    for name, outputs in shown.items():
        assert outputs or name == "setup" or name.startswith("predict-"), name
        text = "".join(output.get("text", "") for output in outputs)
        assert not name.startswith("check-") or "Passed." not in text, name
