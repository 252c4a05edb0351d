"""The site in a real browser: opened from a folder, stepped through, answered, and never online."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lessons.format import load_course
from lessons.site import build_site
from tests.browser import browser, complaints, requests  # noqa: F401 - a fixture
from tests.fuzz.damage import hostile_text
from tests.fuzz.labels import PROSE
from tests.lessons.page import Page
from tests.lessons.site import HOSTILE, small_course

pytestmark = pytest.mark.slow

COURSE = load_course()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = tmp_path_factory.mktemp("course") / "small"
    course.mkdir()
    build_site(small_course(course), course / "site")
    return course / "site"


@pytest.fixture
def page(browser: Any, folder: Path) -> Iterator[Page]:  # noqa: F811
    page = Page(browser, folder).open("index.html")
    page.run("localStorage.clear()")
    complaints(browser)
    requests(browser)
    yield page
    assert complaints(browser) == []
    assert requests(browser) == []


def test_steps_one_at_a_time(page: Page) -> None:
    page.open("first.html")
    assert page.steps == ["step-1"]
    page.click("[data-do=next]")
    assert page.steps == ["step-2"]
    assert page.text(".rail [aria-current]") == "2"
    assert page.text("nav.steps .place") == "2 of 6"
    assert page.run("return document.activeElement.id") == "step-2-title"
    page.click("nav.steps [data-do=back]")
    assert page.steps == ["step-1"]
    page.click(".rail li:nth-child(4) a")
    assert page.steps == ["step-4"]
    page.driver.back()
    assert page.steps == ["step-1"]
    page.open("first.html#step-3")
    assert page.steps == ["step-3"]


def test_keys(page: Page) -> None:
    page.open("first.html")
    page.press("n")
    assert page.steps == ["step-2"]
    assert not page.sees("#step-2 .output")
    page.press("n")
    assert page.sees("#step-2 .output")
    page.press("\ue014")
    assert page.steps == ["step-3"]
    page.press("b")
    page.press("\ue012")
    assert page.steps == ["step-1"]
    page.press("5")
    assert page.steps == ["step-5"]
    page.press("?")
    assert page.run("return document.querySelector('dialog').open")
    page.press("\ue00c")
    page.press("a")
    assert len(page.steps) == 6
    page.press("a")
    assert page.steps == ["step-5"]
    page.press("/")
    assert page.run("return document.activeElement.id") == "words"


def test_a_prediction_that_is_right(page: Page) -> None:
    page.open("first.html#step-3")
    assert not page.sees("#step-3 .result")
    page.type("#answer-3", "x.grad = 6\n")
    assert page.sees("#step-3 .result")
    assert page.verdict == "You said x.grad = 6. Right. Both paths count."
    assert page.run("return document.querySelector('#step-3 .verdict').ariaLive") == "polite"
    assert not page.sees("#step-3 .ask")


def test_a_prediction_that_gives_a_belief_away(page: Page) -> None:
    page.open("first.html#step-3").type("#answer-3", "3\n")
    assert "Not quite: it is 6." in page.verdict
    assert "One contribution has replaced another." in page.verdict
    assert "Both paths count." in page.verdict


def test_a_prediction_that_is_simply_wrong(page: Page) -> None:
    page.open("first.html#step-3").type("#answer-3", "77\n")
    assert page.verdict == "You said 77. Not quite: it is 6. Both paths count."


def test_an_answer_that_cannot_be_read_may_be_given_again(page: Page) -> None:
    page.open("first.html#step-3").type("#answer-3", "six\n")
    assert "I cannot read “six”" in page.verdict
    assert not page.sees("#step-3 .result")
    page.run("document.querySelector('#answer-3').value = ''")
    page.type("#answer-3", "6\n")
    assert "Right." in page.verdict


def test_a_choice_a_graph_a_shape_and_a_guess(page: Page) -> None:
    page.open("first.html#step-2").click('[data-answer^="two"]')
    assert "Not quite: it is one. Both are x." in page.verdict
    page.open("first.html#step-4").type("#answer-4", "x**2 + 2\n")
    assert "A power is one operation." in page.verdict
    page.open("first.html#step-5")
    assert not page.sees("#step-5 .output")
    page.click("#step-5 [data-do=reveal]")
    assert page.text("#step-5 .output") == "7"
    page.open("second.html").type("#answer-1", "(2,)\n")
    assert "it is (3,). That sums over the other dimension." in page.verdict


def test_the_answer_is_told_to_who_asks(page: Page) -> None:
    page.open("first.html#step-3").click("#step-3 [data-do=reveal]")
    assert page.verdict == "Answer: 6. Both paths count."
    assert page.sees("#step-3 .output")


def test_the_backward_pass_plays_in_the_page(page: Page) -> None:
    page.open("first.html#step-3").type("#answer-3", "6\n")
    assert page.text("#step-3 .player .place") == "0 / 2"
    page.click("#step-3 .player [data-do=forward]")
    assert "Step 1 of 2" in page.text("#step-3 .player section.now")
    page.run("document.querySelector('#step-3 .player .picture').focus()")
    page.press("\ue014")
    assert page.text("#step-3 .player .place") == "2 / 2"
    assert page.steps == ["step-3"]


def test_hints_one_by_one_and_a_solution_on_request(page: Page) -> None:
    page.open("first.html#step-6")
    assert page.text("#step-6 .listing code") == "autodiff learn first --step 6 --course small"
    assert "raise NotImplementedError" in page.text("#step-6")
    assert [page.sees(f".hint:nth-child({n}) summary") for n in (1, 2)] == [True, False]
    page.click(".hint summary")
    page.run("return new Promise(done => setTimeout(done, 50))")
    assert page.sees(".hint:nth-child(2) summary")
    assert not page.run("return document.querySelector('.solution').open")
    page.click(".solution summary")
    assert "return 2 * x" in page.text(".solution pre")


def test_progress_is_kept(page: Page) -> None:
    page.open("first.html#step-3").type("#answer-3", "3\n")
    page.open("first.html")
    assert page.steps == ["step-3"]
    assert "One contribution has replaced another." in page.verdict
    page.open("index.html")
    assert page.text("[data-lesson=first] .minutes") == "3 of 6 steps"
    assert page.text("[data-continue]") == "Go on with “First”"
    page.open("second.html")
    page.open("index.html").click("[data-continue]")
    assert page.driver.current_url.endswith("second.html")
    page.open("first.html#step-6").click("[data-do=again]")
    assert page.steps == ["step-1"]
    assert page.open("first.html#step-3").verdict == ""


def test_what_is_kept_may_be_nonsense(page: Page) -> None:
    for kept in ("{", "[]", "null", '{"step": -1, "seen": "x", "answers": 3, "shown": {}}',
                 '{"step": 99, "answers": {"3": "<b>"}}'):  # fmt: skip
        page.run("localStorage.setItem('autodiff/small/first', arguments[0])", kept)
        page.open("first.html")
        assert len(page.steps) == 1
        page.open("index.html")
        assert page.sees("[data-lesson=second]")


def test_the_end_of_a_lesson_leads_to_the_next(page: Page) -> None:
    page.open("first.html#step-6")
    assert "That was “First”" in page.text(".end")
    page.press("n")
    assert page.driver.current_url.endswith("second.html")


def test_search(page: Page) -> None:
    page.open("index.html#words")
    page.press("X.GRAD")
    assert page.text(".found") == "1 step found"
    assert page.text(".results mark") == "x.grad"
    assert not page.sees(".lessons")
    page.press("\n")
    assert page.driver.current_url.endswith("first.html#step-3")
    page.open("index.html#words").press("no such words")
    assert page.text(".found") == "0 steps found"
    page.press("\ue00c")
    assert page.sees(".lessons")


def test_light_and_dark(page: Page) -> None:
    colour = "return getComputedStyle(document.body).backgroundColor"
    page.open("first.html")
    before = page.run(colour)
    page.click("[data-do=theme]")
    after = page.run(colour)
    assert after != before
    assert page.open("second.html").run(colour) == after


CONTRAST = """
const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number);
  return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
const behind = (e) => { const c = getComputedStyle(e).backgroundColor;
  return e.parentElement && /, 0\\)$/.test(c) ? behind(e.parentElement) : c; };
const poor = [];
for (const e of document.querySelectorAll("body *")) {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  if (!own || !e.getClientRects().length || e.closest("svg, :disabled, .later, dialog")) continue;
  const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(`${e.tagName}.${e.className}: ${e.textContent}`);
}
return poor;
"""


def test_every_text_has_contrast(page: Page) -> None:
    for theme in ("light", "dark"):
        page.run("localStorage.setItem('autodiff-theme', arguments[0])", theme)
        assert page.open("index.html").run(CONTRAST) == []
        page.open("first.html#step-3").type("#answer-3", "3\n")
        page.press("a")
        assert page.run(CONTRAST) == []


@contextmanager
def narrow(page: Page) -> Iterator[Page]:
    """The page in a window of a phone's size."""
    size = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        yield page
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_phone_scrolls_one_way(page: Page) -> None:
    with narrow(page):
        assert page.open("index.html").fits
        for address in ("first.html", "second.html"):
            page.open(address).press("a")
            assert page.fits
        page.open("first.html#step-3").press("n")
        assert page.fits
        assert page.sees("#step-3 .player section.now")


def test_without_scripts_everything_can_be_read(page: Page) -> None:
    driver = page.driver
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.open("first.html")
        root = driver.execute_cdp_cmd("DOM.getDocument", {"depth": 0})["root"]["nodeId"]

        def boxes(selector: str) -> int:
            query = {"nodeId": root, "selector": selector}
            found = driver.execute_cdp_cmd("DOM.querySelectorAll", query)["nodeIds"]
            return sum(has_box(node) for node in found)

        def has_box(node: int) -> bool:
            try:
                driver.execute_cdp_cmd("DOM.getBoxModel", {"nodeId": node})
            except Exception:
                return False
            return True

        assert boxes(".step") == 6
        assert boxes(".output") == 5
        assert boxes("svg") == 2
        assert boxes(".unscripted strong") == 3
        assert boxes(".ask") == boxes("nav.steps") == boxes(".player .controls") == 0
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


ELEMENTS = """
return [...document.querySelectorAll('*')].map(
  e => e.localName + ' ' + (e.getAttribute('src') || '')).map(name => name.trim())
"""
ANSWER = """
const field = document.getElementById(arguments[0]);
field.value = arguments[1];
field.form.requestSubmit();
"""
SEARCH = """
const field = document.getElementById('words');
field.value = arguments[0];
field.dispatchEvent(new Event('input'));
"""


def elements(page: Page) -> set[str]:
    """The kinds of elements of a page, with what they load."""
    return set(page.run(ELEMENTS))


@pytest.mark.parametrize("seed", range(2))
def test_a_hostile_course_runs_nothing(
    browser: Any,  # noqa: F811
    tmp_path: Path,
    folder: Path,
    seed: int,
) -> None:
    """Forty hostile texts in everything that a course holds, and as answers."""
    chance = random.Random(seed)
    texts = [HOSTILE, "(" * 3000, *(hostile_text(chance) for _ in range(38))]
    texts = [text.encode(errors="replace").decode() for text in texts]  # what a browser can take
    build_site(small_course(tmp_path, attack=" ".join(texts)), tmp_path / "site")
    page, plain = Page(browser, tmp_path / "site"), Page(browser, folder)
    complaints(browser)
    requests(browser)
    for address in ("index.html", "first.html", "second.html"):
        expected = elements(plain.open(address))
        page.open(address).press("a")
        assert elements(page) <= expected | PROSE
        for field in page.run("return [...document.querySelectorAll('.ask input')].map(e => e.id)"):
            for text in texts:
                page.run(ANSWER, field, text)
        assert elements(page) <= expected | PROSE
        assert page.run("return window.ran") is None
    page.open("index.html")
    for text in texts:
        page.run(SEARCH, text[:40])
    assert page.run("return window.ran") is None
    assert complaints(browser) == []
    assert requests(browser) == []


@pytest.fixture
def ours(browser: Any, whole_site: Path) -> Iterator[Page]:  # noqa: F811
    complaints(browser)
    requests(browser)
    yield Page(browser, whole_site)
    assert complaints(browser) == []
    assert requests(browser) == []


def test_each_lesson_of_ours_can_be_stepped_through_on_a_phone(ours: Page) -> None:
    with narrow(ours):
        for lesson in COURSE:
            ours.open(f"{lesson.id}.html#step-1")
            for number in range(1, len(lesson.steps) + 1):
                assert ours.steps == [f"step-{number}"]
                assert ours.fits, f"{lesson.id}, step {number}"
                if ours.run("return page.isPending"):
                    ours.press("n")
                assert ours.fits, f"{lesson.id}, step {number}"
                assert ours.sees(".step.shown .output, .step.shown .exercise")
                if number < len(lesson.steps):
                    ours.press("n")
            assert ours.sees(".end")
