"""Lessons as notebooks: the same prose and code, and they run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lessons.cli import main
from lessons.export import notebook_of
from lessons.format import load_course

nbformat = pytest.importorskip("nbformat")
COURSE = load_course()


@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.id)
def test_a_notebook_has_the_prose_and_the_code_of_its_lesson(lesson: object) -> None:
    notebook = nbformat.reads(notebook_of(lesson), as_version=4)
    nbformat.validate(notebook)
    title, *cells = notebook.cells
    assert lesson.title in title.source
    assert [c.source for c in cells[::2]] == [step.prose for step in lesson.steps]
    assert [c.source for c in cells[1::2]] == [step.code for step in lesson.steps]
    assert notebook_of(lesson) == notebook_of(lesson)


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
    monkeypatch.setitem(sys.modules, "nbformat", None)
    assert main(["export", "-o", str(tmp_path)]) == 2
    assert "pip install nbformat" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.id)
def test_a_notebook_runs(lesson: object) -> None:
    from nbclient import NotebookClient

    notebook = nbformat.reads(notebook_of(lesson), as_version=4)
    NotebookClient(notebook, timeout=120).execute()
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    assert all(outputs)
