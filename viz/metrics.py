"""How much room text takes.

Boxes are sized from the widths that Helvetica's designers gave its characters (Arial and
Liberation Sans share them), never from the fonts of the machine that draws. So a picture has the
same bytes everywhere.
"""

from __future__ import annotations

import unicodedata

__all__ = ["text_width"]

# Adobe's font metrics of Helvetica for the characters from space to tilde, in 1/1000 of the size.
_WIDTHS = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]  # fmt: skip
_SIGNS = "▲▼◄◀►▶←→"
_BOLDER = 1.07
_MONOSPACE = 602


def text_width(text: str, size: float, bold: bool = False, monospace: bool = False) -> float:
    """The width of a line of text in points.

    >>> text_width("abc", 10)
    16.12
    >>> text_width("abc", 10, monospace=True)
    18.06
    """
    total = sum(map(_monospace_width if monospace else _character_width, text))
    return round(total * (_BOLDER if bold else 1) * size / 1000, 2)


def _character_width(character: str) -> int:
    code = ord(character) - 32
    if 0 <= code < len(_WIDTHS):
        return _WIDTHS[code]
    if unicodedata.combining(character):
        return 0
    is_wide = unicodedata.east_asian_width(character) in "WF" or character in _SIGNS
    return 1000 if is_wide else 660


def _monospace_width(character: str) -> int:
    return 2 * _MONOSPACE if unicodedata.east_asian_width(character) in "WF" else _MONOSPACE
