"""Programs that once failed: they stay, whatever the generator draws today."""

from __future__ import annotations

from tests.properties.programs import Program

__all__ = ["FOUND"]

FOUND: dict[str, Program] = {
    # clone() had put the elements of a transposed tensor in order, so that reshape gave a view.
    "a copy of a transposed tensor is transposed in memory too": Program(
        ((2, 3),),
        ("v1 = x0.transpose(1, 0)", "v2 = v1.clone()", "v3 = v2.reshape(-1)[:2]", "v3.neg_()"),
    ),
    # roll(), cat(), softmax() and cumsum() had kept the order of what they were given.
    "a roll, a row of copies, a softmax and sums are in order": Program(
        ((2, 3),),
        (
            "v1 = x0.unsqueeze(0).expand(2, 2, 3).roll(1, 0)",
            "v2 = m.cat([x0.t(), x0.t()], 0)",
            "v3 = m.stack([x0.t(), x0.t()], 0)",
            "v4 = m.softmax(x0.t(), 0)",
            "v5 = m.log_softmax(x0.t(), 0)",
            "v6 = x0.t().cumsum(0)",
            *(f"v{i + 10} = v{i}.clone().view(-1)" for i in range(1, 7)),
            *(f"v{i + 10}.mul_(1.5)" for i in range(1, 7)),
        ),
    ),
    # index_select() had left its result transposed in memory.
    "slices that were selected are in order": Program(
        ((2, 3),),
        ("v1 = x0.index_select(1, m.tensor([0, 0]))", "v2 = v1.clone()", "v3 = v2.reshape(-1)",
         "v3.mul_(1.5)"),
    ),
}  # fmt: skip
