"""Shapes, indexing and linear algebra beside PyTorch: results, dtypes, derivatives, exceptions."""

from __future__ import annotations

import pytest

from tests.programs import index, linalg, shape
from tests.programs.compare import assert_same_program

pytestmark = pytest.mark.parity

PROGRAMS = shape.PROGRAMS + index.PROGRAMS + linalg.PROGRAMS


@pytest.mark.parametrize("program", PROGRAMS)
def test_same(program: str) -> None:
    assert_same_program(program)
