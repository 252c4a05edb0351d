"""Making, shaping, indexing and linear algebra beside PyTorch: one table of programs.

Results, dtypes, first and second derivatives, and the types of exceptions are compared; with inputs
in order in memory, transposed, and expanded; and shapes and indices for every dtype.
"""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
from tests.programs import calls, creation, in_place, index, linalg, shape
from tests.programs.compare import (
    DTYPES,
    LAYOUTS,
    array,
    assert_same_program,
    gradients,
    outcome,
    tensors_in,
    variables,
)

pytestmark = pytest.mark.parity

PROGRAMS = calls.PROGRAMS + creation.PROGRAMS + shape.PROGRAMS + index.PROGRAMS + linalg.PROGRAMS

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
    if program == "x.take_along_dim(i)":
        pytest.skip("PyTorch wants a view of all elements in one row, which there is none of")
    assert_same_program(program, layout, derivatives=program not in DERIVATIVES_DIFFER)


@pytest.mark.parametrize("dtype", DTYPES)
def test_programs_of_each_dtype(dtype: str) -> None:
    for program in shape.PROGRAMS + index.PROGRAMS:
        assert_same_program(program, dtype=dtype, derivatives=False)


VIEWS = [
    program
    for program in shape.PROGRAMS + index.PROGRAMS
    if program.startswith(("x", "v", "z", "one")) and program != "x.repeat_interleave(0, 1)"
]


@pytest.mark.parametrize("program", VIEWS)
def test_views_where_there_are_views(program: str) -> None:
    """What is written into a result shows in the input exactly where it does in PyTorch."""
    torch = pytest.importorskip("torch")
    changed = []
    for m in (ad, torch):
        names = variables(m)
        names = {k: v.detach() if isinstance(v, m.Tensor) else v for k, v in names.items()}
        out, error = outcome(m, program, names)
        expanded = isinstance(out, m.Tensor) and 0 in out.stride()
        if error or expanded or not isinstance(out, m.Tensor) or not out.is_floating_point():
            pytest.skip("no tensor of numbers to write into")
        with m.no_grad():
            out.fill_(99.0)
        changed.append([np.array(names[k].numpy()) for k in ("x", "v", "z", "one")])
    for ours, theirs in zip(*changed, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("call", in_place.CALLS + calls.IN_PLACE)
def test_in_place(call: str) -> None:
    """The value, the derivatives and the shape of a tensor that a method has changed."""
    torch = pytest.importorskip("torch")
    results = []
    for m in (ad, torch):
        names = variables(m)
        y = names["y"] = names["x"] * 1
        out, error = outcome(m, f"y.{call}", names)
        assert (out is y, error) == (True, None)
        first = gradients(m, [y], names["leaves"])
        results.append([array(y), *(array(g) for g in first if g is not None)])
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


# -- names ----------------------------------------------------------------------------------------

# Programs whose last node has another name here, because the work is split up differently.
OWN_NAMES = {
    "x.repeat_interleave": "a copy in another shape; PyTorch makes the copy first",
    "@ z.mT": "one product of stacks; there expand, reshape, bmm and view",
    "v[:3] @ x": "SqueezeBackward4 there: it squeezes in place",
    "m.einsum(": "the same products, put together in another order",
    "m.kron(": "PyTorch's product is in another memory order, and copied",
    "v.kron(": "the same",
    "matrix_power(1)": "PyTorch copies the matrix",
    "chain_matmul": "PyTorch views the product once more",
    "m.linalg.norm(z, 2, dim": "dimensions are put back one by one; there by a permutation",
    'm.linalg.matrix_norm(x, "nuc", keepdim=True)': "the same",
    "m.logdet": "masked_fill; there where",
    "m.linalg.solve": "vectors are made columns and back",
    "upper=True": "the transpose of the lower triangle",
    "lstsq": "the product with the pseudoinverse",
}


@pytest.mark.parametrize(
    "program",
    [
        program
        for program in shape.PROGRAMS + index.PROGRAMS + linalg.PROGRAMS
        if not any(part in program for part in OWN_NAMES)
    ],
)
def test_name_of_the_last_node(program: str) -> None:
    torch = pytest.importorskip("torch")
    names = []
    for m in (ad, torch):
        out, _ = outcome(m, program, variables(m))
        nodes = [x.grad_fn for x in tensors_in(out) if x.grad_fn is not None]
        names.append([node.name().removeprefix("torch::autograd::") for node in nodes])
    assert names[0] == names[1]
