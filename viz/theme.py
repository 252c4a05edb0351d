"""Themes: the colours of a picture on a light page, on a dark page, and in print.

The tints are those of the Okabe-Ito palette, which colour-blind readers can tell apart. Each kind
of node also has an outline and a word of its own, so that colour never carries meaning alone.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LOOKS", "Look", "THEMES", "blended", "theme_named"]


@dataclass(frozen=True)
class Look:
    """What one kind of box looks like in every theme, and the word for it.

    ``corner`` is the radius of the corners; ``dash`` a pattern of SVG for the outline, "" for a
    solid line; ``width`` the width of the outline; ``doubled`` draws a second outline inside.
    """

    word: str = ""
    corner: int = 0
    dash: str = ""
    width: float = 1.0
    doubled: bool = False


LOOKS = {
    "leaf": Look("leaf"),
    "constant": Look("constant", dash="4 2"),
    "op": Look(corner=7),
    "root": Look("result", corner=7, width=2.0),
    "saved": Look("saved", dash="1 2"),
    "module": Look("module", corner=7, doubled=True),
    "fold": Look("folded", corner=7, dash="6 3", doubled=True),
    "left_out": Look("left out", dash="1 3"),
    "dropped": Look("dropped", corner=7, dash="1 3"),
    "lines": Look(corner=4, width=0.0),
}

_LIGHT = {
    "page": "#FFFFFF", "text": "#1A1A1A", "quiet": "#5C5C5C", "gradient": "#A33E00",
    "alarm": "#8B1A6B", "added": "#00664B", "removed": "#A33E00", "later": "#D5D5D5",
    "edge": "#5C5C5C", "unused": "#8C8C8C",
    "cluster": "#F6F7F9", "cluster-edge": "#B4BAC4",
    "leaf": "#DCEFFA", "leaf-edge": "#0072B2",
    "constant": "#F4F4F4", "constant-edge": "#777777",
    "op": "#FFFFFF", "op-edge": "#333333",
    "root": "#FFF3D6", "root-edge": "#B87700",
    "saved": "#FFFFFF", "saved-edge": "#00805E",
    "module": "#E9F6F1", "module-edge": "#00805E",
    "fold": "#F3ECF4", "fold-edge": "#8A4F7D",
    "left_out": "#FFFFFF", "left_out-edge": "#777777",
    "dropped": "#FFFFFF", "dropped-edge": "#8C8C8C",
    "lines": "#FFFFFF", "lines-edge": "#FFFFFF",
    "hue0": "#FDF0D5", "hue0-edge": "#B87700", "hue1": "#E0F3EC", "hue1-edge": "#00805E",
    "hue2": "#F6E6F0", "hue2-edge": "#9B4A7E", "hue3": "#E3F1FA", "hue3-edge": "#0072B2",
    "hue4": "#FBE6DC", "hue4-edge": "#B84A00", "hue5": "#F1F1D4", "hue5-edge": "#7A7500",
}  # fmt: skip

_DARK = {
    "page": "#15181D", "text": "#ECECEC", "quiet": "#A9B0BA", "gradient": "#FFA45C",
    "alarm": "#F08AC8", "added": "#3FC79A", "removed": "#FFA45C", "later": "#3A3F47",
    "edge": "#9AA1AB", "unused": "#6B727C",
    "cluster": "#1C2027", "cluster-edge": "#4A515C",
    "leaf": "#10334A", "leaf-edge": "#56B4E9",
    "constant": "#262A31", "constant-edge": "#9A9A9A",
    "op": "#20252C", "op-edge": "#C8C8C8",
    "root": "#40330F", "root-edge": "#F0B83C",
    "saved": "#15181D", "saved-edge": "#3FC79A",
    "module": "#12332A", "module-edge": "#3FC79A",
    "fold": "#33243A", "fold-edge": "#D58FC4",
    "left_out": "#15181D", "left_out-edge": "#9A9A9A",
    "dropped": "#15181D", "dropped-edge": "#6B727C",
    "lines": "#15181D", "lines-edge": "#15181D",
    "hue0": "#2E240E", "hue0-edge": "#F0B83C", "hue1": "#0F2A22", "hue1-edge": "#3FC79A",
    "hue2": "#2C1C30", "hue2-edge": "#D58FC4", "hue3": "#10232F", "hue3-edge": "#56B4E9",
    "hue4": "#321D13", "hue4-edge": "#FF9A5C", "hue5": "#262510", "hue5-edge": "#D6CF5A",
}  # fmt: skip

_PRINT = dict.fromkeys(_LIGHT, "#FFFFFF") | {
    "text": "#000000", "quiet": "#404040", "gradient": "#000000", "alarm": "#000000",
    "added": "#000000", "removed": "#000000",
    "later": "#CCCCCC", "edge": "#000000", "unused": "#808080", "cluster-edge": "#808080",
    **{f"{kind}-edge": "#000000" for kind in (*LOOKS, *(f"hue{i}" for i in range(6)))},
    "lines-edge": "#FFFFFF", "dropped-edge": "#808080",
}  # fmt: skip

THEMES = {"light": _LIGHT, "dark": _DARK, "print": _PRINT}
"""Colour by role, for each theme. A box of a kind is filled with the colour of that name."""


def blended(colour: str, into: str, share: float) -> str:
    """A colour on the way from one to another.

    >>> blended("#000000", "#FF8000", 0.5)
    '#804000'
    """
    pairs = ((int(c[i : i + 2], 16) for c in (colour, into)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(x + (y - x) * share):02X}" for x, y in pairs)


def theme_named(name: str) -> dict[str, str]:
    """The colours of a theme.

    Raises:
        ValueError: there is no theme of that name.
    """
    if name not in THEMES:
        known = ", ".join(THEMES)
        raise ValueError(f"there is no theme {name!r}.\n  Fix: choose one of {known}.")
    return THEMES[name]
