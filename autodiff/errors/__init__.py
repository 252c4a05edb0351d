"""Errors that teach: what happened, why, how to mend it, and which lesson explains it.

Each function returns an exception of the type PyTorch raises, to be raised where the mistake shows.
One module per subject: `errors.shapes.broadcast_shapes(x, y)`.
"""

from autodiff.errors import (
    autograd,
    compiler,
    data,
    devices,
    distributed,
    files,
    functional,
    functions,
    in_place,
    indexing,
    inference,
    interop,
    joining,
    leaves,
    linalg,
    nn,
    numbers,
    optim,
    shapes,
    vision,
    windows,
)
from autodiff.errors.teaching import teach

__all__ = [
    "autograd",
    "compiler",
    "data",
    "devices",
    "distributed",
    "files",
    "functional",
    "functions",
    "in_place",
    "indexing",
    "inference",
    "interop",
    "joining",
    "leaves",
    "linalg",
    "nn",
    "numbers",
    "optim",
    "shapes",
    "teach",
    "vision",
    "windows",
]
