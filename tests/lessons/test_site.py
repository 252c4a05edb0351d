"""The course as a web site: what its pages hold, and that nothing in a course becomes markup."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lessons.cli import main
from lessons.format import Lesson, load_course
from lessons.mutants import MUTANTS
from lessons.site import build_site, prose
from lessons.site.pages import index_page, lesson_page
from lessons.site.record import record
from tests.lessons.site import HOSTILE, small_course

COURSE = load_course()
BYTES = 1_000_000
"""The most that one page may weigh."""


def page_of(course: list[Lesson], number: int = 0) -> str:
    return lesson_page(course[number], record(course[number]), course)


class Structure(HTMLParser):
    """The tags of a page that were opened and not closed, its ids, and where it leads."""

    VOID = frozenset(["meta", "input", "br", "hr", "img"])

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attributes)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attributes if name == "id"]
        self.addresses += [value or "" for name, value in attributes if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.mark.slow
def test_the_whole_course(whole_site: Path) -> None:
    files = [file for file in whole_site.rglob("*") if file.is_file()]
    names = {file.relative_to(whole_site).as_posix() for file in files}
    assert names >= {"index.html", *(f"{lesson.id}.html" for lesson in COURSE)}
    for file in files:
        assert file.stat().st_size < BYTES
        if file.suffix != ".html":
            continue
        structure = Structure(file.read_text(encoding="utf-8"))
        assert structure.open == []
        assert len(structure.ids) == len(set(structure.ids)), file.name
        for address in structure.addresses:
            target, _, place = address.partition("#")
            assert not target or (whole_site / target).exists() or address.startswith("data:")
            page = whole_site / (target or file.name)
            assert not place or f'id="{place}"' in page.read_text(encoding="utf-8"), address


def test_a_page_holds_what_its_lesson_shows(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    page = page_of(course)
    assert "<strong>twice</strong>" in page
    assert '<span class="nb">print</span>' in page
    assert 'class="player"' in page
    assert page.count("<svg") == 2
    assert "Add the two paths." in page
    assert "<summary>Show a solution</summary>" in page
    assert 'href="second.html#step-1"' in page
    assert "A slope says <em>how fast</em>." in page.split('class="end"')[1]
    structure = Structure(page)
    assert structure.open == []
    assert len(structure.ids) == len(set(structure.ids))


def test_the_beliefs_behind_wrong_gradients_are_shipped(tmp_path: Path) -> None:
    question = record(small_course(tmp_path)[0])[2].question
    assert question is not None
    known = dict(zip(question.meanings, question.data["wrong"], strict=True))
    assert question.data["truth"] == [6.0]
    overwrites = next(mutant for mutant in MUTANTS if mutant.name == "overwrites")
    assert known[overwrites.belief] == [3.0]
    assert [6.0] not in question.data["wrong"]


def test_the_same_course_gives_the_same_bytes(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    first, second = tmp_path / "once", tmp_path / "twice"
    for folder in (first, second):
        build_site(course, folder)
    files = sorted(path.relative_to(first) for path in first.rglob("*.*"))
    assert Path("exercises/first/slope.py") in files
    for file in files:
        assert (first / file).read_bytes() == (second / file).read_bytes()


def test_nothing_in_a_course_becomes_markup(tmp_path: Path) -> None:
    course = small_course(tmp_path, attack=HOSTILE)
    for page in (page_of(course), page_of(course, 1), index_page(course)):
        assert "<img" not in page
        assert "javascript:" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
        assert page.count("<script") == page.count("</script>")
        assert Structure(page).open == []
        scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
        assert len(scripts) == 2
        for data in re.findall(r"<script type=.*?>(.*?)</script>", page, flags=re.DOTALL):
            json.loads(data)
    assert HOSTILE not in page_of(course)


def test_prose() -> None:
    assert "<table>" in prose.prose("| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<script" not in prose.prose("<script>alert(1)</script>\n\n<b onclick=x>")
    assert "<a" not in prose.prose("[here](javascript:alert(1))")
    assert "<img" not in prose.prose("![picture](http://example.com/x.png)")
    linked = prose.prose("See `autodiff learn vjp --step 3` or `autodiff learn xyz`.", ["vjp"])
    assert '<a href="vjp.html#step-3">autodiff learn vjp --step 3</a>' in linked
    assert linked.count("<a") == 1
    assert prose.split_question("One.\n\n**Before you go on:** two?") == ("One.", "two?")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_course(tmp_path)
    command = ["export", "--site", "--course", str(tmp_path), "-o", str(tmp_path / "out")]
    assert main([*command, "first"]) == 0
    assert (tmp_path / "out" / "first.html").exists()
    assert not (tmp_path / "out" / "second.html").exists()
    assert "index.html" in capsys.readouterr().out
    assert "second.html" not in (tmp_path / "out" / "index.html").read_text()
    assert main([*command, "second"]) == 0
    assert "first.html" in (tmp_path / "out" / "index.html").read_text()
    capsys.readouterr()
    assert main([*command, "frist"]) == 2
    assert "Did you mean 'first'?" in capsys.readouterr().err
    assert main(["export", "--site", "--course", str(tmp_path / "nowhere")]) == 2
    (tmp_path / "file").write_text("")
    assert main([*command[:-1], str(tmp_path / "file"), "first"]) == 2
