"""Damaging what is sound: bits flipped, parts cut, moved, repeated, replaced by telling values."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

__all__ = ["damaged", "damaged_text", "hostile_text"]

BYTES = (
    b"\0",
    b"\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
    b"(" * 200,
    b"9" * 50,
)

TEXTS = (
    "<script>window.ran = true</script>",
    "</title></svg><script>window.ran = true</script>",
    "</script></template><img src=x onerror='window.ran = true'>",
    '" onload="window.ran = true" x="',
    "'); window.ran = true; ('",
    "<image href='https://example.org/x.png'/>",
    '" style="fill: url(https://example.org/x.svg)" x="',
    "</style><style>@import 'https://example.org/x.css';</style>",
    "[x](javascript:window.ran=true)",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
    "&lt;&amp;&#0;&#x1F600;&nosuch;&",
    "{a|b|{c}}",
    "<<table><tr><td>x</td></tr></table>>",
    "<<b>x</b>>",
    "\\N\\G\\E\\T\\l\\r\\",
    "$title ${player} %s {0} {x!r}",
    "quo\"te 'single' `back`",
    "\n\r\n\t\v\f\u2028\u2029\x85",
    "\x00\x01\x07\x08\x1b[31m\x7f\x9b",
    "\u202eright to left\u202c \u2066isolated\u2069 \u200f\u200e",
    "\ud800 \udfff lone",
    "\ufffe\uffff\U0010ffff",
    "e\u0301\u0301\u0301 \u4e2d\u6587 \U0001f600 \u0644\u0645",
    "\ufeff\u00ad\u200b\u200d",
    "a" * 10_000,
    "(" * 3_000,
    "9" * 5_000,
    "",
    " ",
    "nan",
    "1e999",
    "-0",
    "null",
    "true",
    "[]",
    "{}",
)  # fmt: skip
"""What has a meaning to some language that the text may end up in."""


def hostile_text(chance: random.Random) -> str:
    """A text made of one to three of these, or of random characters."""
    if chance.random() < 0.2:
        highest = chance.choice((0x80, 0x800, 0x110000))
        return "".join(chr(chance.randrange(highest)) for _ in range(chance.randrange(40)))
    return "".join(chance.choices(TEXTS, k=chance.choice((1, 1, 1, 2, 3))))


def damaged(chance: random.Random, sound: bytes) -> bytes:
    """The bytes of a file with one to four damages; now and then the file as it is."""
    data = bytearray(sound)
    for _ in range(chance.randrange(5)):
        at = chance.randrange(len(data)) if data else 0
        to = min(len(data), at + chance.choice((1, 2, 4, 16, len(data))))
        match chance.randrange(6):
            case 0 if data:
                data[at] ^= 1 << chance.randrange(8)
            case 1 if data:
                data[at] = chance.randrange(256)
            case 2:
                del data[at:to]
            case 3:
                data[at:at] = data[at:to][:4096]
            case 4:
                data[at : at + 4] = chance.choice(BYTES)
            case _:
                data[at:at] = chance.randbytes(chance.randrange(8))
    return bytes(data)


def damaged_text(chance: random.Random, sound: str, also: Sequence[str] = ()) -> str:
    """A text with one to four damages: characters, words or lines lost, repeated or replaced."""
    text = sound
    for _ in range(chance.randrange(1, 5)):
        cut: Callable[[str], list[str]] = chance.choice((list, _words, _lines))
        parts = cut(text)
        at = chance.randrange(len(parts)) if parts else 0
        match chance.randrange(4):
            case 0:
                del parts[at : at + chance.choice((1, 1, 3, len(parts)))]
            case 1:
                parts[at:at] = parts[at : at + 3]
            case 2 if parts:
                parts[at] = (
                    chance.choice(also) if also and chance.random() < 0.5 else hostile_text(chance)
                )
            case _:
                parts.insert(at, hostile_text(chance))
        text = "".join(parts)
    return text


def _words(text: str) -> list[str]:
    import re

    return re.split(r"(\W)", text)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
