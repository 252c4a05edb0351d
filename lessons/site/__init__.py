"""The course as a web site: one folder of plain files, which need no server and no network.

Each lesson is run once, and its page holds all that it showed: what its steps printed, the pictures
they drew, the answers to its questions with the mistakes behind wrong ones. Nothing runs in the
reader's browser but a small script that shows and hides, judges answers and keeps the place.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from lessons.format import Lesson
from lessons.site.pages import exercise_files, index_page, lesson_page
from lessons.site.record import record
from viz.render import write_file

__all__ = ["build_site"]


def build_site(course: Sequence[Lesson], folder: Path, only: Lesson | None = None) -> list[Path]:
    """Write the pages of a course into a folder, which is made if need be.

    Args:
        course: its lessons, in order.
        folder: where to write.
        only: the one lesson whose page is to be written, instead of all of them; the list then
            has it and the lessons whose pages are in the folder already.

    Returns:
        The files: ``index.html``, one page for each lesson, the files of exercises.

    Raises:
        OSError: the folder cannot be written to.
    """
    shown = [only] if only else list(course)
    folder.mkdir(parents=True, exist_ok=True)
    listed = [
        lesson for lesson in course if lesson in shown or (folder / _page_name(lesson)).exists()
    ]
    files = {"index.html": index_page(listed)}
    # A process for each lesson: what one sets (a seed, a dtype, a default device) is its own.
    processes = ProcessPoolExecutor(
        min(len(shown), os.cpu_count() or 1),
        mp_context=multiprocessing.get_context("spawn"),
        max_tasks_per_child=1,
    )
    with processes:
        for lesson, recorded in zip(shown, processes.map(record, shown), strict=True):
            files[_page_name(lesson)] = lesson_page(lesson, recorded, listed)
            files |= exercise_files(lesson)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_file(folder / name, content.encode())
    return [folder / name for name in files]


def _page_name(lesson: Lesson) -> str:
    return f"{lesson.id}.html"
