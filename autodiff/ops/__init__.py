"""The ops, one declaration each: every one is in exactly one of these files."""

from autodiff.ops import (
    conv,
    decompose,
    diagonal,
    einsum,
    elementwise,
    expand,
    index,
    join,
    linalg,
    loss,
    norm,
    order,
    pool,
    products,
    rearrange,
    reduce,
    scatter,
    select,
    shape,
    solve,
    view,
    write,
)

__all__ = [
    "conv", "decompose", "diagonal", "einsum", "elementwise", "expand", "index", "join", "linalg",
    "loss", "norm", "order", "pool", "products", "rearrange", "reduce", "scatter", "select",
    "shape", "solve", "view", "write",
]  # fmt: skip
