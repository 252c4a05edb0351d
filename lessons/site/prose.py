"""Prose, code and output as HTML. Nothing in them can become markup of its own."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from lessons.format import QUESTION

__all__ = ["code", "inline", "linked", "plain", "prose", "split_question"]

COMMAND = re.compile(r"autodiff learn (?P<lesson>[a-z0-9-]+)(?: --step (?P<step>\d+))?")
"""How prose and error messages name a lesson: these words become links."""


def prose(text: str, lessons: Collection[str] = ()) -> Markup:
    """Markdown as HTML; ``lessons`` are the ids that `linked` makes links of."""
    return linked(_markdown().render(text), lessons)


def inline(text: str, lessons: Collection[str] = ()) -> Markup:
    """One line of Markdown: emphasis, code and links, no blocks."""
    return linked(_markdown().renderInline(text), lessons)


def code(source: str) -> Markup:
    """Python, its words marked by the classes of Pygments."""
    formatter = HtmlFormatter(nowrap=True)
    return Markup(highlight(source, PythonLexer(stripnl=False), formatter).rstrip("\n"))


def linked(html: str | Markup, lessons: Collection[str]) -> Markup:
    """HTML in which ``autodiff learn chain-rule`` leads to the page of that lesson, if there is."""

    def link(match: re.Match[str]) -> str:
        if match["lesson"] not in lessons:
            return match[0]
        place = f"#step-{match['step']}" if match["step"] else ""
        return f'<a href="{match["lesson"]}.html{place}">{match[0]}</a>'

    return Markup(COMMAND.sub(link, html))


def plain(text: str) -> str:
    """Markdown without its marks, for searching and for the titles of pages."""
    return re.sub(r"[*`|]+", "", text)


def split_question(text: str) -> tuple[str, str]:
    """The prose before a question, and the question, without the words that announce it."""
    before, _, question = text.partition(QUESTION)
    return before.strip(), question.strip()


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    markdown.add_render_rule("fence", _block)
    markdown.add_render_rule("code_block", _block)
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    return markdown


def _block(renderer: RendererHTML, tokens, index, options, env) -> str:  # type: ignore[no-untyped-def]
    token = tokens[index]
    source = token.content.rstrip("\n")
    shown = escape(source) if token.info.strip() in ("text", "sh") else code(source)
    return f'<pre class="code" tabindex="0"><code>{shown}</code></pre>\n'


def _table_open(renderer: RendererHTML, tokens, index, options, env) -> str:  # type: ignore[no-untyped-def]
    return '<div class="wide" tabindex="0" role="group" aria-label="table"><table>\n'


def _table_close(renderer: RendererHTML, tokens, index, options, env) -> str:  # type: ignore[no-untyped-def]
    return "</table></div>\n"
