"""A page judges answers as `lessons.predict` does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lessons.compare import UnclearError
from lessons.format import Lesson, load_course
from lessons.player.session import Session
from lessons.site import build_site
from tests.browser import browser  # noqa: F401 - a fixture
from tests.lessons.page import Page
from tests.lessons.site import small_course

pytestmark = pytest.mark.slow

COURSE = load_course()

ANSWERS = [
    "6", "3", "0", "-6", "6 6", "x.grad = 6.0", "[6]", "12/2", "6.01", "6.2", "1e1", "inf", "nan",
    "1 2.5", "2.5, 1", "1, 2", "tensor([1., 2.5])", "1/0", "six", "", "  ", "3", "(3,)", "()", "2",
    "3 4", "one", "ONE", "two", "three", "x * x + 2", "x*x+2", "2 + x*x", "(x*x) + 2", "x**2 + 2",
    "square + 2", "x * x", "x", "-x", "x.log()", "x * (x + 2)", "x *", "2 + 2", "out", "y",
    "rows * 2", "columns*2", "2 * rows", "(rows - 1) * 2",
]  # fmt: skip


def judged_here(session: Session, index: int, answer: str) -> tuple[bool, str] | None:
    """What `lessons.predict` says: right, and the misconception; None where it cannot be read."""
    question = session.question(index)
    assert question is not None
    try:
        verdict = question.judge(answer, session.namespace)
    except (UnclearError, RecursionError):
        return None
    return verdict.right, verdict.misconception


JUDGE = """
const [step, answers] = arguments;
const asked = JSON.parse(step.querySelector(".asked").textContent);
return answers.map((answer) => {
  try {
    const { right, meaning, note } = judges[asked.kind](asked, answer);
    const known = step.querySelectorAll(".meaning")[meaning ?? -1];
    return [right, known?.content.textContent ?? note ?? ""];
  } catch (error) { if (error instanceof Unclear) return null; throw error; }
});
"""


def differences(page: Page, lesson: Lesson) -> list[Any]:
    """The answers that the page and `lessons.predict` judge differently."""
    session = Session(lesson)
    different = []
    for index in range(len(lesson.steps)):
        question = session.question(index)
        if question is None:
            continue
        element = page.run(f"return document.getElementById('step-{index + 1}')")
        answers = getattr(question, "options", ()) or ANSWERS
        judged = page.run(JUDGE, element, answers)
        for answer, there in zip(answers, judged, strict=True):
            here = judged_here(session, index, answer)
            plain = None if here is None else [here[0], here[1].replace("`", "").replace("*", "")]
            said = None if there is None else [there[0], there[1].replace("*", "")]
            if plain != said:
                different.append((lesson.id, index + 1, answer, plain, said))
    return different


def test_all_kinds_of_questions(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    course = small_course(tmp_path)
    build_site(course, tmp_path / "site")
    for lesson in course:
        page = Page(browser, tmp_path / "site").open(f"{lesson.id}.html")
        assert differences(page, lesson) == []


@pytest.mark.parametrize("lesson", COURSE[1:8:3], ids=lambda lesson: lesson.id)
def test_our_questions(browser: Any, whole_site: Path, lesson: Lesson) -> None:  # noqa: F811
    page = Page(browser, whole_site).open(f"{lesson.id}.html")
    assert differences(page, lesson) == []
