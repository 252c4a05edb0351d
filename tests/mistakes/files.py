"""Files of tensors."""

from __future__ import annotations

from tests.mistakes.mistake import Mistake

MISTAKES = [
    Mistake(
        "missing file",
        lambda m: m.load("/nonexistent/file.pt"),
        FileNotFoundError,
        "No such file",
        explains=False,
    ),
]
