"""The player: one self-contained HTML page that steps through a backward pass.

The page holds the picture of the whole pass as SVG, what happens at each step as data, and a small
script that shows and hides. It asks the network for nothing, and its content security policy sees
to that; the same policy keeps anything in a label from running.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

import networkx as nx

from viz.layout import Layout
from viz.narrate import narrate
from viz.program import program
from viz.scene import HUES, Scene
from viz.svg import svg_source
from viz.theme import LOOKS, THEMES

__all__ = [
    "page", "picture_css", "player_css", "player_parts", "player_script", "theme_css",
]  # fmt: skip


def page(graph: nx.MultiDiGraph, scene: Scene, layout: Layout, theme: str = "light") -> str:
    """The whole page, in the theme "light" or "dark"; the reader can switch.

    A picture without steps is shown by itself, to be moved and enlarged.
    """
    parts = player_parts(graph, scene, layout)
    script = player_script() + _file("start.js")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return Template(_file("page.html")).substitute(
        title=escape(scene.title),
        theme="dark" if theme == "dark" else "light",
        policy=f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src 'sha256-{digest}'",
        style=_page_css() + picture_css() + player_css(),
        player=parts,
        script=script,
    )


def player_parts(graph: nx.MultiDiGraph, scene: Scene, layout: Layout, prefix: str = "") -> str:
    """The player alone, to be put on a page that has its style sheet and its script.

    ``prefix`` begins every id in it, for a page with several players.
    """
    told = [asdict(step) for step in narrate(graph)]
    for step in told:
        step["box"] = prefix + step["box"]
    lines = "".join(
        f'<li data-step="{line.step}"><code>{escape(line.text) or " "}</code></li>'
        for line in (program(graph) if told else ())
    )
    return Template(_file("player.html")).substitute(
        title=escape(scene.title),
        kind="" if told else " still",
        picture=svg_source(scene, layout, prefix=prefix),
        program=lines,
        steps="".join(_step_in_list(step) for step in told),
        count=len(told),
        data=_data(told),
    )


def player_script() -> str:
    """The script of the player: a class that is given the element of each player."""
    return _file("player.js")


def player_css() -> str:
    """The style sheet of the player's controls; it needs `picture_css` as well."""
    return _file("player.css")


def picture_css() -> str:
    """The style sheet of any picture on a page: its parts take the page's colours by role.

    The colours are variables, which `theme_css` sets.
    """
    rules = [
        f".box.{kind}>rect:not(.now){{stroke:var(--{kind}-edge)}}"
        f".box.{kind}>rect.outer{{fill:var(--{kind})}}"
        for kind in LOOKS
    ]
    rules += [
        f"svg text.{role}{{fill:var(--{role})}}" for role in ("text", "quiet", "gradient", "alarm")
    ]
    tints = ["svg .tab.cluster{stroke:var(--cluster)}"]
    tints += [
        f"svg .cluster.hue{i} rect{{fill:var(--hue{i});stroke:var(--hue{i}-edge)}}"
        f"svg .tab.hue{i}{{stroke:var(--hue{i})}}"
        for i in range(HUES)
    ]
    return "\n".join(rules) + "\n" + _file("picture.css") + "\n".join(tints) + "\n"


def theme_css(name: str) -> str:
    """The colours of a theme as the declarations of a rule of CSS: ``--page:#FFFFFF;...``"""
    return "".join(f"--{role}:{colour};" for role, colour in THEMES[name].items())


def _page_css() -> str:
    return "".join(f"[data-theme={name}]{{{theme_css(name)}}}\n" for name in ("light", "dark"))


def _step_in_list(step: dict[str, Any]) -> str:
    return (
        f'<li><button type="button" data-goto="{step["step"]}">'
        f'<span class="number">{step["step"]}</span> {escape(step["title"])}</button></li>'
    )


def _data(told: list[dict[str, Any]]) -> str:
    """JSON that nothing in it can end: no tag, no comment."""
    text = json.dumps({"steps": told}, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _file(name: str) -> str:
    return files("viz.player").joinpath(name).read_text(encoding="utf-8")
