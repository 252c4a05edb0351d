"""Making, shaping, indexing and linear algebra beside PyTorch: one table of programs.

Results, dtypes, first and second derivatives, and the types of exceptions are compared; with inputs
in order in memory, transposed, and expanded; and shapes and indices for every dtype.
"""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
from tests.programs import creation, index, linalg, shape
from tests.programs.compare import DTYPES, LAYOUTS, assert_same_program, outcome, variables

pytestmark = pytest.mark.parity

PROGRAMS = creation.PROGRAMS + shape.PROGRAMS + index.PROGRAMS + linalg.PROGRAMS

DERIVATIVES_DIFFER = {
    # PyTorch's backward pass fails when the source is larger than the index.
    "x.scatter(0, i[None], x)",
    "x.scatter_add(0, i[None], x)",
    # At the tip of the norm the second derivative is nan there; here 0, as the first.
    "m.linalg.vector_norm(x * 0)",
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_program(program: str) -> None:
    assert_same_program(program, derivatives=program not in DERIVATIVES_DIFFER)


@pytest.mark.parametrize("layout", LAYOUTS[1:])
@pytest.mark.parametrize("program", shape.PROGRAMS + index.PROGRAMS)
def test_program_on_other_layouts(program: str, layout: str) -> None:
    if layout == "expanded" and "masked_scatter(mask, 2" in program:
        pytest.skip("more true elements than the source has")
    assert_same_program(program, layout, derivatives=program not in DERIVATIVES_DIFFER)


@pytest.mark.parametrize("dtype", DTYPES)
def test_programs_of_each_dtype(dtype: str) -> None:
    for program in shape.PROGRAMS + index.PROGRAMS:
        assert_same_program(program, dtype=dtype, derivatives=False)


VIEWS = [p for p in shape.PROGRAMS + index.PROGRAMS if p.startswith(("x", "v", "z", "one"))]


@pytest.mark.parametrize("program", VIEWS)
def test_views_where_there_are_views(program: str) -> None:
    """What is written into a result shows in the input exactly where it does in PyTorch."""
    torch = pytest.importorskip("torch")
    changed = []
    for m in (ad, torch):
        names = variables(m)
        names = {k: v.detach() if hasattr(v, "detach") else v for k, v in names.items()}
        out, error = outcome(m, program, names)
        if error or not hasattr(out, "detach") or not out.is_floating_point():
            pytest.skip("no tensor of numbers to write into")
        with m.no_grad():
            out.detach().reshape(-1)[:1].fill_(99.0) if out.is_contiguous() else out.fill_(99.0)
        changed.append([np.array(names[k].numpy()) for k in ("x", "v", "z", "one")])
    for ours, theirs in zip(*changed, strict=True):
        np.testing.assert_array_equal(ours, theirs)
