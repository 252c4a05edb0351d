"""The colours of the player in a terminal, which are read on a white ground as on a black one.

A program cannot know the ground. Of the 16 colours that terminals choose themselves, the light
ones (yellow, cyan, green) cannot be read on white. These, of the 256, have a contrast of at least
3.5 to 1 on both; where a terminal has fewer colours, rich takes the nearest.
"""

from __future__ import annotations

from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token
from rich.style import Style
from rich.syntax import ANSISyntaxTheme
from rich.theme import Theme

__all__ = ["ACCENT", "CODE", "RIGHT", "THEME", "WRONG"]

ACCENT = "color(31)"
RIGHT = "color(28)"
WRONG = "color(166)"

THEME = Theme(
    {
        "markdown.code": f"bold {ACCENT}",
        "markdown.code_block": ACCENT,
        "markdown.item.number": ACCENT,
        "markdown.table.border": "dim",
        "markdown.table.header": "bold",
        "markdown.h2": "bold",
        "markdown.h3": "bold",
        "markdown.link": f"underline {ACCENT}",
        "markdown.link_url": ACCENT,
    }
)
"""Code in prose, without the black background that a light terminal would show as boxes."""

CODE = ANSISyntaxTheme(
    {
        Token: Style(),
        Comment: Style(color="color(244)", italic=True),
        Keyword: Style(color="color(133)"),
        Operator.Word: Style(color="color(133)"),
        Name.Builtin: Style(color=ACCENT),
        Name.Class: Style(bold=True),
        Name.Function: Style(bold=True),
        Number: Style(color=WRONG),
        String: Style(color=RIGHT),
    }
)
"""Python, in the colours of the pages."""
