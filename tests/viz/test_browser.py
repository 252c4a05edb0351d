"""The player in a real browser: buttons pressed, frames compared, nothing run, nothing fetched."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

import autodiff as ad
import viz
from tests.browser import browser, complaints, requests  # noqa: F401 - a fixture
from tests.fuzz.damage import hostile_text

pytestmark = pytest.mark.slow


class Page:
    """A page in the browser, by what a reader does with it."""

    def __init__(self, driver: Any, path: Path) -> None:
        self.driver = driver
        driver.set_window_size(1300, 800)
        driver.get_log("performance")
        driver.get(path.as_uri())

    def do(self, name: str) -> None:
        self.run(f"document.querySelector('[data-do={name}]').click()")

    def press(self, key: str, on: str = ".picture") -> None:
        event = f"new KeyboardEvent('keydown', {{key: {json.dumps(key)}, bubbles: true}})"
        self.run(f"document.querySelector({json.dumps(on)}).dispatchEvent({event})")

    def run(self, script: str) -> Any:
        return self.driver.execute_script(script)

    def text(self, selector: str) -> str:
        return self.run(f"return document.querySelector({json.dumps(selector)}).textContent")

    def all(self, selector: str) -> list[str]:
        script = f"return [...document.querySelectorAll({json.dumps(selector)})]"
        return self.run(script + ".map(e => e.textContent)")

    @property
    def told(self) -> str:
        return self.text("section.now")

    @property
    def shown(self) -> set[str]:
        """The texts that can be seen in the picture."""
        return set(
            self.run(
                "return [...document.querySelectorAll('.picture svg text')]"
                ".filter(e => getComputedStyle(e).visibility === 'visible').map(e => e.textContent)"
            )
        )

    def view(self) -> list[float]:
        box = self.run("return document.querySelector('.picture > svg').getAttribute('viewBox')")
        return [float(number) for number in box.split()]


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Page:  # noqa: F811
    x = ad.Scalar(3.0)
    y = x.log()
    viz.backward(y**2 / x**2).save(tmp_path / "a pass.html")
    return Page(browser, tmp_path / "a pass.html")


def test_stepping_shows_what_the_frames_show(page: Page) -> None:
    x = ad.Scalar(3.0)
    y = x.log()
    steps = viz.backward(y**2 / x**2)
    assert "Before the backward pass" in page.told
    for number, frame in enumerate(steps, start=1):
        page.do("forward")
        assert page.text(".place") == f"{number} / 5"
        in_frame = {line.text for box in frame.scene.boxes for line in box.content
                    if line.step <= frame.step}  # fmt: skip
        in_frame |= {line.text for arrow in frame.scene.arrows for line in arrow.content
                     if line.step <= frame.step}  # fmt: skip
        assert page.shown == in_frame | set(frame.scene.caption.splitlines())
    page.do("forward")
    assert page.text(".place") == "5 / 5"
    for _ in range(5):
        page.do("back")
    assert "Before the backward pass" in page.told
    assert not any(text.startswith("step ") for text in page.shown)
    assert complaints(page.driver) == []


def test_the_receipt_and_the_program_of_a_step(page: Page) -> None:
    for _ in range(3):
        page.do("forward")
    assert "Step 3 of 5: y = log(x)" in page.told
    assert "to x" in page.told
    assert "0.2441 × 0.3333 = 0.08138" in page.told
    assert page.all(".program li.now") == ["g_x = g_y / x"]
    assert page.run("return document.querySelector('section.now').getAttribute('aria-live')")


def test_first_last_jump_and_the_slider(page: Page) -> None:
    page.do("last")
    assert "Step 5 of 5: x" in page.told
    page.do("first")
    assert page.text(".place") == "0 / 5"
    page.run("document.querySelector('[data-goto=\"4\"]').click()")
    assert "Step 4 of 5" in page.told
    page.run(
        "const s = document.querySelector('.slider'); s.value = 2;"
        "s.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert "Step 2 of 5" in page.told


def test_keys(page: Page) -> None:
    for key, place in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 5),
                       ("Home", 0)):  # fmt: skip
        page.press(key)
        assert page.text(".place") == f"{place} / 5"
    page.press("Enter", on=".box.leaf")
    assert "Step 5 of 5: x" in page.told


def test_a_click_on_a_box_jumps_to_its_step(page: Page) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By

    box = page.driver.find_element(By.CSS_SELECTOR, ".box.leaf rect.outer")
    ActionChains(page.driver).click(box).perform()
    assert "Step 5 of 5: x" in page.told


def test_zoom_pan_and_fit(page: Page) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By

    whole = page.view()
    page.press("+")
    assert page.view()[2] == pytest.approx(0.8 * whole[2])
    picture = page.driver.find_element(By.CSS_SELECTOR, ".picture")
    before = page.view()
    ActionChains(page.driver).drag_and_drop_by_offset(picture, 50, 30).perform()
    assert page.view()[0] < before[0]
    assert page.view()[1] < before[1]
    page.press("0")
    assert page.view() == pytest.approx(whole)


def test_a_large_picture_opens_at_its_edge_and_follows_the_pass(
    browser: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    y = ad.Scalar(0.5)
    for _ in range(12):
        y = y.sin()
    viz.backward(y).save(tmp_path / "long.html")
    page = Page(browser, tmp_path / "long.html")
    height = page.run("return document.querySelector('.player').player.whole.height")
    _, top, _, seen = page.view()
    assert seen < height
    assert top + seen == pytest.approx(height)
    page.do("last")
    assert page.view()[1] == pytest.approx(0)


def test_it_plays_and_pauses(page: Page) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    page.run("document.querySelector('.player').dataset.interval = 30")
    page.do("play")
    WebDriverWait(page.driver, 10).until(lambda _: page.text(".place") == "5 / 5")
    assert page.text("[data-do=play]") == "▶ play"
    page.run("document.querySelector('.player').dataset.interval = 100000")
    page.do("play")
    assert page.text("[data-do=play]") == "⏸ pause"
    page.do("play")
    assert page.text("[data-do=play]") == "▶ play"


def test_stop_where_a_gradient_is_large_or_nan(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    x = ad.Scalar(0.0)
    viz.backward((x.sqrt() * 50) * 0.0).save(tmp_path / "nan.html")
    page = Page(browser, tmp_path / "nan.html")
    page.run("document.querySelector('.bound').value = 0.5")
    page.do("until")
    assert page.text(".place") == "1 / 4"
    page.do("nan")
    assert page.text(".place") == "4 / 4"
    assert "not a number" in page.told
    page.do("nan")
    assert "no step has a gradient that is nan" in page.told


def test_the_theme_can_be_switched(page: Page) -> None:
    colour = "return getComputedStyle(document.body).backgroundColor"
    before = page.run(colour)
    page.do("theme")
    assert page.run(colour) != before


def test_a_page_is_dark_where_the_readers_system_is(page: Page) -> None:
    theme = "return document.documentElement.dataset.theme"
    assert page.run(theme) == "light"
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": dark})
    try:
        page.driver.refresh()
        assert page.run(theme) == "dark"
    finally:
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_picture_that_nearly_fits_is_shown_whole(page: Page) -> None:
    page.driver.set_window_size(1120, 800)
    page.driver.refresh()
    x, y, *_ = page.view()
    assert (x, y) == (0, 0)
    assert page.run("return document.querySelector('.picture > svg').getScreenCTM().a") < 0.75


HOSTILE = [
    "<script>window.ran = true</script>",
    "</script><script>window.ran = true</script>",
    '"><img src=x onerror="window.ran = true">',
    "'); window.ran = true; ('",
    "<!--",
    "]]>",
    "</title></svg><script>window.ran = true</script>",
    "$title $player",
    "x" * 10_000,
    "new\nline & \x00 λ 中",
]


def test_nothing_in_a_label_runs_and_nothing_is_fetched(
    browser: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    for name in HOSTILE:
        x = ad.tensor([[1.0, 2.0]], requires_grad=True)
        loss = (x * x).sum()
        viz.backward(loss, params={name: x}).save(tmp_path / "hostile.html")
        page = Page(browser, tmp_path / "hostile.html")
        for _ in range(4):
            page.do("forward")
        assert page.run("return window.ran") is None
        assert page.text(".place") == "3 / 3"
        shown = page.all(".box.leaf .text")[0]
        assert shown.startswith(name[:8].replace("\n", " ").replace("\x00", " "))
        assert complaints(browser) == []
        asked = [e for e in browser.get_log("performance") if "requestWillBeSent" in e["message"]]
        assert not [e for e in asked if "http://" in e["message"] or "https://" in e["message"]]


@pytest.fixture(scope="module")
def hostile_pass() -> viz.BackwardPass:
    """A backward pass with hundreds of hostile names in one picture."""
    chance = random.Random(0)
    names = {hostile_text(chance) for _ in range(300)}
    leaves = {name: ad.tensor(2.0, requires_grad=True) for name in sorted(names)}
    return viz.backward(ad.stack(list(leaves.values())).sum(), params=leaves)


def test_many_hostile_names_in_one_page(
    browser: Any,  # noqa: F811
    tmp_path: Path,
    hostile_pass: viz.BackwardPass,
) -> None:
    hostile_pass.save(tmp_path / "hostile.html")
    page = Page(browser, tmp_path / "hostile.html")
    assert len(page.all(".box.leaf")) > 180
    page.do("forward")
    page.do("forward")
    assert page.run("return [...document.scripts].filter(s => s.src).length") == 0
    nothing_ran(page)


def test_many_hostile_names_as_a_picture_and_within_a_page(
    browser: Any,  # noqa: F811
    tmp_path: Path,
    hostile_pass: viz.BackwardPass,
) -> None:
    svg = hostile_pass.svg
    (tmp_path / "hostile.svg").write_text(svg, encoding="utf-8")
    start = "<!DOCTYPE html><meta charset=utf-8><title>Pictures</title>"
    (tmp_path / "inside.html").write_text(start + svg, encoding="utf-8")
    for name in ("hostile.svg", "inside.html"):
        page = Page(browser, tmp_path / name)
        assert len(page.all(".box.leaf")) > 180
        assert page.all("script, img, iframe, object, embed, foreignObject") == []
        nothing_ran(page)


def nothing_ran(page: Page) -> None:
    assert page.run("return window.ran") is None
    assert complaints(page.driver) == []
    assert requests(page.driver) == []


def test_a_picture_without_steps_is_a_page_too(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    x = ad.Scalar(3.0)
    viz.graph(x.log() * x).save(tmp_path / "graph.html")
    page = Page(browser, tmp_path / "graph.html")
    assert (
        page.run("return getComputedStyle(document.querySelector('.controls')).display") == "none"
    )
    before = page.view()
    page.press("+")
    assert page.view()[2] < before[2]
    assert complaints(browser) == []


def test_a_narrow_window_still_shows_everything(page: Page) -> None:
    page.driver.set_window_size(500, 900)
    assert page.run("return document.documentElement.scrollWidth <= window.innerWidth")
    top = "return document.querySelector('section.now').getBoundingClientRect().top"
    assert page.run(top) > 300


def test_an_animated_svg_plays_without_scripts(browser: Any, tmp_path: Path) -> None:  # noqa: F811
    x = ad.Scalar(3.0)
    viz.backward(x.log() ** 2).save_animation(tmp_path / "pass.svg", seconds=1)
    page = tmp_path / "page.html"
    page.write_text('<body style="margin:0"><img src="pass.svg"></body>')
    browser.get(page.as_uri())
    browser.set_script_timeout(20)
    frames = {browser.get_screenshot_as_png()}
    for _ in range(12):
        browser.execute_async_script("setTimeout(arguments[0], 300)")
        frames.add(browser.get_screenshot_as_png())
    assert len(frames) >= 3
