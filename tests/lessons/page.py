"""A page of the site in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["Page"]


class Page:
    """A page of the site in the browser, by what a reader does with it."""

    def __init__(self, driver: Any, folder: Path) -> None:
        self.driver, self.folder = driver, folder

    def open(self, address: str) -> Page:
        self.driver.get("about:blank")
        self.driver.get(f"{self.folder.as_uri()}/{address}")
        return self

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def press(self, *keys: str) -> Page:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()
        return self

    def click(self, selector: str) -> Page:
        self.run("document.querySelector(arguments[0]).click()", selector)
        return self

    def type(self, selector: str, text: str) -> Page:
        self.run("document.querySelector(arguments[0]).focus()", selector)
        return self.press(text)

    def sees(self, selector: str) -> bool:
        """Whether something of that kind takes up room on the page."""
        script = "return [...document.querySelectorAll(arguments[0])]"
        return self.run(script + ".some(e => e.getClientRects().length > 0)", selector)

    def text(self, selector: str) -> str:
        script = "return document.querySelector(arguments[0]).innerText"
        return " ".join(self.run(script, selector).split())

    @property
    def steps(self) -> list[str]:
        """The ids of the steps that can be seen."""
        script = "return [...document.querySelectorAll('.step')]"
        return self.run(script + ".filter(e => e.offsetParent).map(e => e.id)")

    @property
    def verdict(self) -> str:
        return self.text(".step.shown .verdict")

    @property
    def fits(self) -> bool:
        """Whether the page is no wider than the window."""
        return self.run("return document.documentElement.scrollWidth <= innerWidth")
