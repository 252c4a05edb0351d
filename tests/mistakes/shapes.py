"""Shapes and dimensions."""

from __future__ import annotations

from tests.mistakes.mistake import Mistake

MISTAKES = [
    Mistake(
        "broadcasting",
        lambda m: m.ones(2, 3) + m.ones(2, 4),
        RuntimeError,
        "size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
    ),
    Mistake(
        "broadcasting from the right",
        lambda m: m.ones(2, 3) * m.ones(2),
        RuntimeError,
        "dimension 1: shapes [2, 3] and [2]",
    ),
    Mistake(
        "where",
        lambda m: m.where(m.ones(2, dtype=m.bool), m.ones(3), m.ones(3)),
        RuntimeError,
        "must match",
    ),
    Mistake(
        "matmul",
        lambda m: m.ones(2, 3) @ m.ones(2, 3),
        RuntimeError,
        "3 (last of the first) and 2 (of the second)",
    ),
    Mistake(
        "matmul of vectors",
        lambda m: m.ones(3) @ m.ones(4),
        RuntimeError,
        "3 (last of the first) and 4",
    ),
    Mistake(
        "matmul of stacks",
        lambda m: m.ones(2, 3, 4) @ m.ones(3, 4, 5),
        RuntimeError,
        "[2, 3, 4] and [3, 4, 5]",
    ),
    Mistake(
        "matmul of a number",
        lambda m: m.matmul(m.ones(2), m.tensor(1.0)),
        RuntimeError,
        "at least 1D",
    ),
    Mistake(
        "matmul of two dtypes",
        lambda m: m.ones(2, 2) @ m.ones(2, 2, dtype=m.float64),
        RuntimeError,
        "same dtype",
    ),
    Mistake("matmul with a float", lambda m: m.ones(2, 2) @ 2.0, TypeError, "@", explains=False),
    Mistake(
        "mm of stacks", lambda m: m.mm(m.ones(2, 2, 2), m.ones(2, 2)), RuntimeError, "[2, 2, 2]"
    ),
    Mistake("dot of matrices", lambda m: m.dot(m.ones(2, 2), m.ones(2)), RuntimeError, "1D"),
    Mistake("dot of lengths", lambda m: m.dot(m.ones(3), m.ones(2)), RuntimeError, "3"),
    Mistake(
        "linear",
        lambda m: m.nn.functional.linear(m.ones(2, 3), m.ones(4, 5)),
        RuntimeError,
        "5 input features",
    ),
    Mistake(
        "reshape",
        lambda m: m.ones(6).reshape(4, 2),
        RuntimeError,
        "'[4, 2]' is invalid for input of shape [6]",
    ),
    Mistake(
        "reshape with two unknowns", lambda m: m.ones(6).reshape(-1, -1), RuntimeError, "[-1, -1]"
    ),
    Mistake(
        "reshape that leaves a rest", lambda m: m.ones(6).reshape(-1, 4), RuntimeError, "[-1, 4]"
    ),
    Mistake("view of a transpose", lambda m: m.ones(2, 3).T.view(6), RuntimeError, "use reshape()"),
    Mistake(
        "permute twice the same",
        lambda m: m.ones(2, 3).permute(0, 0),
        RuntimeError,
        "permute",
    ),
    Mistake(
        "transpose of a missing dim",
        lambda m: m.ones(2, 3).transpose(0, 2),
        IndexError,
        "range of [-2, 1], but got 2",
    ),
    Mistake("t of a stack", lambda m: m.ones(2, 3, 4).t(), RuntimeError, "[2, 3, 4]"),
    Mistake(
        "sum over a missing dim",
        lambda m: m.ones(2, 3).sum(-3),
        IndexError,
        "range of [-2, 1], but got -3",
    ),
    Mistake(
        "sum over a dim twice",
        lambda m: m.ones(2, 3).sum((0, 0)),
        RuntimeError,
        "dim 0 appears multiple times",
    ),
    Mistake("mean of integers", lambda m: m.tensor([1, 2]).mean(), RuntimeError, "floating point"),
    Mistake(
        "max of nothing", lambda m: m.ones(0).max(), RuntimeError, "nothing to pick", explains=False
    ),
    Mistake(
        "max along nothing",
        lambda m: m.ones(2, 0).max(1),
        IndexError,
        "nothing to pick",
        explains=False,
    ),
    Mistake(
        "amax of nothing",
        lambda m: m.ones(0).amax(),
        RuntimeError,
        "nothing to pick",
        explains=False,
    ),
    Mistake(
        "argmax of nothing",
        lambda m: m.ones(0).argmax(),
        IndexError,
        "nothing to pick",
        explains=False,
    ),
    Mistake("cat of nothing", lambda m: m.cat([]), ValueError, "non-empty", explains=False),
    Mistake("stack of None", lambda m: m.stack([None]), TypeError, "got NoneType"),
    Mistake(
        "cat of a number",
        lambda m: m.cat([m.ones(1), 3]),
        TypeError,
        "expected Tensor as element 1 in argument 0, but got int",
    ),
    Mistake("stack of nothing", lambda m: m.stack([]), RuntimeError, "non-empty", explains=False),
    Mistake(
        "cat of shapes",
        lambda m: m.cat([m.ones(2, 3), m.ones(2, 4)]),
        RuntimeError,
        "[2, 3], [2, 4] along dim 0",
    ),
    Mistake("cat of numbers", lambda m: m.cat([m.tensor(1.0)]), RuntimeError, "zero-dimensional"),
    Mistake("stack of shapes", lambda m: m.stack([m.ones(2), m.ones(3)]), RuntimeError, "[2], [3]"),
    Mistake(
        "expand",
        lambda m: m.ones(2, 3).expand(2, 4),
        RuntimeError,
        "[2, 3] cannot be expanded to [2, 4]",
    ),
    Mistake(
        "expand to fewer dims", lambda m: m.ones(2, 3).expand(3), RuntimeError, "cannot be expanded"
    ),
    Mistake(
        "expand an unknown new dim",
        lambda m: m.ones(3).expand(-1, 3),
        RuntimeError,
        "cannot be expanded",
    ),
    Mistake("unsqueeze far away", lambda m: m.ones(2).unsqueeze(3), IndexError, "got 3"),
    Mistake("squeeze a missing dim", lambda m: m.ones(2).squeeze(3), IndexError, "got 3"),
]
