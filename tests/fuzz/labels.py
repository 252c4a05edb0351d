"""Pictures with hostile names: parsed back, they have the elements they should and no others."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pygraphviz

import autodiff as ad
import viz
from autodiff import nn
from lessons.site import prose
from tests.fuzz.damage import hostile_text
from tests.fuzz.target import Target

__all__ = ["TARGETS", "drawn", "fetches"]

SVG = {
    "svg", "title", "desc", "rect", "g", "path", "text", "image", "animate",
}  # fmt: skip
PROSE = {
    "p", "strong", "em", "code", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th",
    "td", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "br", "a", "span", "div",
}  # fmt: skip
ADDRESSES = {
    "href", "src", "srcset", "action", "formaction", "poster", "data", "background", "ping",
}  # fmt: skip
IN_STYLES = re.compile(r"""url\((?!\s*["']?(?:#|data:))[^)]*|@import\s+[^;]*""", re.IGNORECASE)
OWN_SCRIPTS = 2
"""A page has its data and its program."""


def drawn(name: str, more: str = "") -> list[viz.Picture]:
    """Pictures that show a name as a leaf's, a module's and a formula's."""
    x = ad.tensor([[1.0, 2.0]], requires_grad=True)
    kind = more.replace("\0", " ").encode("utf-8", "replace").decode()  # what Python allows
    model = type(kind, (nn.Module,), {"forward": lambda self, x: x.exp()})()
    out = model(x * x).sum()
    return [draw(out, params={name: x}) for draw in (viz.graph, viz.grad_fn, viz.backward)]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.styles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style":
            self.styles.append(data)


def tags_of(page: str) -> _Tags:
    """The tags, attributes and style sheets that an HTML parser finds."""
    parser = _Tags()
    parser.feed(page)
    parser.close()
    return parser


def fetches(page: str) -> list[str]:
    """What a browser that shows this page, or picture, would load, run or lead to."""
    found = tags_of(page)
    reached = [
        value
        for _, name, value in found.attributes
        if name.startswith("on")
        or (name.rpartition(":")[2] in ADDRESSES and not value.startswith(("#", "data:")))
    ]
    for text in (*(value for _, _, value in found.attributes), *found.styles):
        reached += [match[0] for match in IN_STYLES.finditer(text)]
    return reached


def _draw(names: tuple[str, str]) -> None:
    for picture in drawn(*names):
        tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(picture.svg).iter()}
        assert tags <= SVG, tags - SVG
        page = picture.html
        page.encode()
        assert not fetches(picture.svg), fetches(picture.svg)
        assert not fetches(page), fetches(page)
        assert tags_of(page).tags.count("script") == OWN_SCRIPTS
        graph = pygraphviz.AGraph(string=picture.dot)
        assert graph.number_of_nodes() == len(picture.scene.boxes)
        picture.text().encode()


def _prose(text: str) -> None:
    page = prose.prose(text)
    found = tags_of(page)
    assert set(found.tags) <= PROSE, set(found.tags) - PROSE
    followed = {value for tag, name, value in found.attributes if (tag, name) == ("a", "href")}
    for address in fetches(page):
        assert address in followed, address
        assert address.startswith("https://"), address


TARGETS = [
    Target(
        "labels",
        lambda: ("x", "Net"),
        lambda chance: (hostile_text(chance), hostile_text(chance)),
        _draw,
    ),
    Target("prose", lambda: "*One* [link](https://example.org).", hostile_text, _prose),
]
