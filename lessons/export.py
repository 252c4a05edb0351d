"""The same lesson as a notebook: `autodiff export LESSON`."""

from __future__ import annotations

from pathlib import Path

from lessons.format import Lesson
from viz.render import write_file

__all__ = ["export_notebooks", "notebook_of"]


def notebook_of(lesson: Lesson) -> str:
    """A lesson as a Jupyter notebook: its prose and its code in cells, not yet run.

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
    for number, step in enumerate(lesson.steps, start=1):
        cells.append(v4.new_markdown_cell(step.prose, id=f"prose-{number}"))
        cells.append(v4.new_code_cell(step.code, id=f"code-{number}"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return writes(notebook) + "\n"


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
