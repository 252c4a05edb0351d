"""Mistakes with schedules, batches and images get an error that teaches, of PyTorch's type."""

from __future__ import annotations

import re
from typing import Any

import pytest

import autodiff as ad
from tests.mistakes import Mistake
from tests.training.mistakes import IMAGES, MISTAKES

by_name = pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)


@pytest.mark.parametrize(
    ("mistake", "library"),
    [(mistake, ad) for mistake in MISTAKES] + [(mistake, ad.vision) for mistake in IMAGES],
    ids=[mistake.name for mistake in MISTAKES + IMAGES],
)
def test_mistake(mistake: Mistake, library: Any) -> None:
    with pytest.raises(mistake.kind) as caught:
        mistake.program(library)
    assert type(caught.value) is mistake.kind
    message = caught.value.args[0]
    assert mistake.words in message
    explanation = re.findall(r"\n  (?:Why|Fix|Lesson): ", message)
    assert bool(explanation) is mistake.explains
    own = [line for line in message.splitlines()[1:] if not line.startswith('  File "')]
    assert all(len(line) <= 79 for line in own)


@pytest.mark.parity
@by_name
def test_pytorch_raises_the_same_type(mistake: Mistake) -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(mistake.kind):
        mistake.program(torch)
