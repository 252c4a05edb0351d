"""Pictures with hostile names: parsed back, they have the elements they should and no others."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pygraphviz

import autodiff as ad
import viz
from autodiff import nn
from lessons.site import prose
from tests.fuzz.damage import hostile_text
from tests.fuzz.target import Target

__all__ = ["TARGETS", "drawn"]

SVG = {
    "svg", "title", "desc", "rect", "g", "path", "text", "image", "animate",
}  # fmt: skip
PROSE = {
    "p", "strong", "em", "code", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th",
    "td", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "br", "a", "span", "div",
}  # fmt: skip


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
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def tags_of(page: str) -> _Tags:
    """The tags and attributes that an HTML parser finds."""
    parser = _Tags()
    parser.feed(page)
    parser.close()
    return parser


def _harmless(found: _Tags) -> None:
    for name, value in found.attributes:
        assert not name.startswith("on"), (name, value)
        if name in ("href", "src", "action"):
            assert value.startswith(("#", "data:", "https://")), value


def _draw(names: tuple[str, str]) -> None:
    for picture in drawn(*names):
        tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(picture.svg).iter()}
        assert tags <= SVG, tags - SVG
        page = picture.html
        page.encode()
        found = tags_of(page)
        _harmless(found)
        assert found.tags.count("script") == tags_of(drawn("x")[0].html).tags.count("script")
        graph = pygraphviz.AGraph(string=picture.dot)
        assert graph.number_of_nodes() == len(picture.scene.boxes)
        picture.text().encode()


def _prose(text: str) -> None:
    found = tags_of(prose.prose(text))
    _harmless(found)
    assert set(found.tags) <= PROSE, set(found.tags) - PROSE


TARGETS = [
    Target("labels", lambda chance: (hostile_text(chance), hostile_text(chance)), _draw),
    Target("prose", hostile_text, _prose),
]
