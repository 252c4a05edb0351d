"""`autodiff new lesson NAME`: a lesson to start from, which keeps the rules already."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from lessons.format import load_course

__all__ = ["new_lesson"]

TEMPLATE = Path(__file__).parent / "template"

ENTRY = """
[[lesson]]
id = "{name}"
title = "{title}"
summary = "What it answers, in one line."
minutes = 10
"""


def new_lesson(name: str, course: Path) -> Path:
    """Write a lesson into a course, which is begun if there is none; returns its ``lesson.py``.

    Raises:
        ValueError: the name is none, or is taken, or the folder is not a course.
        OSError: the folder cannot be written to.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise ValueError(
            f"{name!r} cannot be the id of a lesson.\n"
            "  Fix: use small letters, digits and hyphens, as in second-derivatives."
        )
    listed, folder = course / "course.toml", course / name.replace("-", "_")
    taken = listed.exists() and name in [lesson.id for lesson in load_course(course)]
    if taken or folder.exists():
        raise ValueError(f"{folder} is there already; nothing was written.")
    course.mkdir(parents=True, exist_ok=True)
    shutil.copytree(TEMPLATE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    lesson = folder / "lesson.py"
    title = name.replace("-", " ").capitalize()
    text = lesson.read_text(encoding="utf-8").replace("NAME", name).replace("TITLE", title)
    lesson.write_text(text, encoding="utf-8")
    before = listed.read_text(encoding="utf-8") if listed.exists() else "# The lessons in order.\n"
    listed.write_text(before + ENTRY.format(name=name, title=title), encoding="utf-8")
    return lesson
