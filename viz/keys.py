"""Reading one key at a time, on Windows and elsewhere."""

from __future__ import annotations

import os
import select
import sys
import time

__all__ = ["read_key"]

ESCAPE_SECONDS = 0.05
"""How long the rest of an arrow key may take to arrive; a lone Escape sends nothing more."""

NAMES = {"\x1b[C": "right", "\x1b[D": "left", "\x1bOC": "right", "\x1bOD": "left", "\r": "\n"}


def read_key(timeout: float | None = None) -> str:
    """The next key as a character; Enter is "\\n", the arrow keys are "left" and "right".

    With a ``timeout`` in seconds, "" when no key came in that time.

    Keys pressed while a step was running are kept. Where single keys cannot be read, the learner
    types a line, and its first character counts.

    Raises:
        KeyboardInterrupt: Ctrl-C.
        EOFError: the input has ended (Ctrl-D, or a closed terminal).
    """
    try:
        import termios
        import tty
    except ImportError:
        return _read_key_windows(timeout)
    descriptor = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(descriptor)
        tty.setcbreak(descriptor, termios.TCSADRAIN)
    except termios.error:
        return input()[:1] or "\n"
    try:
        return _read_key_bytes(descriptor, timeout)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _read_key_bytes(descriptor: int, timeout: float | None) -> str:
    if timeout is not None and not select.select([descriptor], [], [], timeout)[0]:
        return ""
    # Straight from the descriptor: a buffered read would hide typed-ahead keys from select.
    key = os.read(descriptor, 1)
    if key == b"\x1b" and select.select([descriptor], [], [], ESCAPE_SECONDS)[0]:
        key += os.read(descriptor, 2)
    if key in (b"", b"\x04"):
        raise EOFError
    text = key.decode(errors="replace")
    return NAMES.get(text, text)


def _read_key_windows(timeout: float | None) -> str:
    import msvcrt

    end = time.monotonic() + (timeout or 0.0)
    while timeout is not None and not msvcrt.kbhit():  # type: ignore[attr-defined]
        if time.monotonic() > end:
            return ""
        time.sleep(ESCAPE_SECONDS)
    key = msvcrt.getwch()  # type: ignore[attr-defined]
    if key in ("\x00", "\xe0"):
        return {"M": "right", "K": "left"}.get(msvcrt.getwch(), "")  # type: ignore[attr-defined]
    if key == "\x03":
        raise KeyboardInterrupt
    if key in ("\x04", "\x1a"):
        raise EOFError
    return "\n" if key == "\r" else key
