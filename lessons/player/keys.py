"""Reading one key at a time, on Windows and elsewhere."""

from __future__ import annotations

import sys

__all__ = ["read_key"]


def read_key() -> str:
    """The next key as a character; Enter is "\\n", the arrow keys are "left" and "right".

    Raises:
        KeyboardInterrupt: Ctrl-C.
        EOFError: the input has ended.
    """
    try:
        import termios
        import tty
    except ImportError:
        return _read_key_windows()
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        key = sys.stdin.read(1)
        if key == "\x1b":
            key += sys.stdin.read(2)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
    if not key:
        raise EOFError
    return {"\x1b[C": "right", "\x1b[D": "left", "\r": "\n", "\x04": "q"}.get(key, key)


def _read_key_windows() -> str:
    import msvcrt

    key = msvcrt.getwch()  # type: ignore[attr-defined]
    if key in ("\x00", "\xe0"):
        return {"M": "right", "K": "left"}.get(msvcrt.getwch(), "")  # type: ignore[attr-defined]
    if key == "\x03":
        raise KeyboardInterrupt
    return "\n" if key == "\r" else key
