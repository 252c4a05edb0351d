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
from viz.scene import Scene
from viz.svg import svg_source
from viz.theme import LOOKS, THEMES

__all__ = ["page", "player_parts"]


def page(graph: nx.MultiDiGraph, scene: Scene, layout: Layout, theme: str = "light") -> str:
    """The whole page, in the theme "light" or "dark"; the reader can switch.

    A picture without steps is shown by itself, to be moved and enlarged.
    """
    parts = player_parts(graph, scene, layout)
    script = _file("player.js")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return Template(_file("page.html")).substitute(
        title=escape(scene.title),
        theme="dark" if theme == "dark" else "light",
        policy=f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src 'sha256-{digest}'",
        style=theme_css() + _file("player.css"),
        player=parts,
        script=script,
    )


def player_parts(graph: nx.MultiDiGraph, scene: Scene, layout: Layout) -> str:
    """The player alone, to be put on a page that has its style sheet and its script."""
    told = [asdict(step) for step in narrate(graph)]
    lines = "".join(
        f'<li data-step="{line.step}"><code>{escape(line.text) or " "}</code></li>'
        for line in (program(graph) if told else ())
    )
    return Template(_file("player.html")).substitute(
        title=escape(scene.title),
        kind="" if told else " still",
        picture=svg_source(scene, layout),
        program=lines,
        steps="".join(_step_in_list(step) for step in told),
        count=len(told),
        data=_data(told),
    )


def theme_css() -> str:
    """The colours of the themes as CSS, and the rules that give them to the parts of a picture."""
    rules = [
        f"[data-theme={name}]{{"
        + "".join(f"--{role}:{colour};" for role, colour in THEMES[name].items())
        + "}"
        for name in ("light", "dark")
    ]
    rules += [
        f".box.{kind}>rect:not(.now){{stroke:var(--{kind}-edge)}}"
        f".box.{kind}>rect.outer{{fill:var(--{kind})}}"
        for kind in LOOKS
    ]
    rules += [
        f"svg text.{role}{{fill:var(--{role})}}" for role in ("text", "quiet", "gradient", "alarm")
    ]
    return "\n".join(rules) + "\n"


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
