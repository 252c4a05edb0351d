"""Pictures in a terminal: in colour, as an inline image where the terminal can, and a backward pass
to step through with keys.

Colours are off under NO_COLOR and when the output is piped; then nothing is erased either, so that
screen readers and files get every step in order.
"""

from __future__ import annotations

import os
import sys
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from viz.keys import read_key
from viz.narrate import StepWords, narrate
from viz.program import program
from viz.text import progress_text

if TYPE_CHECKING:
    from viz.picture import Picture
    from viz.steps import BackwardPass

__all__ = ["show", "walk"]

KITTY = ("KITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR")
ITERM = ("iTerm.app", "WezTerm")
CHUNK = 4096
"""How many characters of an image kitty's protocol takes at once."""

KEYS = "→ Enter next   ← b back   j jump   > stop where |gradient| is larger   N next nan   q quit"


def show(picture: Picture) -> None:
    """Print a picture: as an image in a terminal that shows images, else as text."""
    image = _inline_image(lambda: picture.png) if sys.stdout.isatty() else ""
    print(image or picture.text(Console().width))


def walk(steps: BackwardPass, key: Callable[[], str] | None = None) -> None:
    """Step through a backward pass with keys; without a terminal, print all of it.

    ``key`` gives the next key that was pressed; by default the terminal's.
    """
    console = Console(highlight=False)
    told = narrate(steps._graph)
    if key is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        for position in range(len(told) + 1):
            _show_step(console, steps, told, position)
        return
    position = 0
    while True:
        if console.color_system:
            console.clear()
        _show_step(console, steps, told, position)
        console.print(Text(f"\n{position}/{len(told)}  {KEYS}", style="dim"))
        try:
            pressed = key() if key else read_key()
        except (KeyboardInterrupt, EOFError):
            return
        if pressed in ("q", "\x1b"):
            return
        position = _moved(console, pressed, told, position)


def _moved(console: Console, key: str, told: list[StepWords], position: int) -> int:
    """The position after a key was pressed."""
    match key:
        case "right" | "\n" | "n" | " ":
            return min(position + 1, len(told))
        case "left" | "b" | "p":
            return max(position - 1, 0)
        case "N":
            return _next_where(told, position, lambda step: step.largest is None)
        case "j":
            return int(_asked(console, "jump to step", position, 0, len(told)))
        case ">":
            bound = _asked(console, "stop where |gradient| is larger than", 1.0, 0.0, float("inf"))
            return _next_where(
                told, position, lambda step: step.largest is None or step.largest > bound
            )
    return position


def _next_where(
    told: list[StepWords], position: int, condition: Callable[[StepWords], bool]
) -> int:
    """The position after the next step that meets a condition; where one is if none does."""
    following = enumerate(told[position:], start=position + 1)
    return next((number for number, step in following if condition(step)), position)


def _asked(console: Console, question: str, default: float, low: float, high: float) -> float:
    answer = console.input(f"{question} [{default:g}]: ").strip()
    try:
        return min(max(float(answer), low), high) if answer else default
    except ValueError:
        return default


def _show_step(console: Console, steps: BackwardPass, told: list[StepWords], position: int) -> None:
    current = told[position - 1] if position else None
    now = current.step if current else 0
    tree = progress_text(steps._graph, console.width, now).splitlines()
    room = max(console.height - 18, 12)
    for line in tree if len(tree) <= room else []:
        console.print(Text(line, style="bold" if "◀ step" in line else ""))
    console.print()
    if current is None:
        console.print(Text("Before the backward pass: every value is computed.", style="bold"))
        return
    console.print(Text(f"Step {position} of {len(told)}: {current.title}", style="bold"))
    for sentence in current.sentences:
        console.print(Text(sentence))
    for receipt in current.receipts:
        parts = " = ".join(part for part in (receipt.symbols, receipt.numbers) if part)
        console.print(Text(f"  to {receipt.to}: ").append(parts, style="dark_orange3"))
        if receipt.adds:
            console.print(Text(f"    adds up: {receipt.adds}", style="dark_orange3"))
    for code in program(steps._graph):
        if code.step == now:
            console.print(Text(f"  > {code.text}", style="cyan"))
    if current.source:
        console.print(Text(f"  computed in {current.source}", style="dim"))


def _inline_image(png: Callable[[], bytes]) -> str:
    """The escape sequence that shows an image, "" where the terminal is not known to have one."""
    if os.environ.get("TERM_PROGRAM") in ITERM:
        data = b64encode(png()).decode()
        return f"\x1b]1337;File=inline=1;preserveAspectRatio=1:{data}\x07"
    if any(name in os.environ for name in KITTY) or os.environ.get("TERM") == "xterm-kitty":
        data = b64encode(png()).decode()
        chunks = [data[i : i + CHUNK] for i in range(0, len(data), CHUNK)]
        return "".join(
            f"\x1b_G{'a=T,f=100,' if i == 0 else ''}m={int(i + 1 < len(chunks))};{chunk}\x1b\\"
            for i, chunk in enumerate(chunks)
        )
    return ""
