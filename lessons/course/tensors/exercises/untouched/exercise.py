"""A copy with the first row set to zero, and the table as it was.

This returns the right numbers, and changes `table` on the way. Mend it, so that
the table of the caller stays as it is.
"""

import autodiff as ad


def without_first_row(table: ad.Tensor) -> ad.Tensor:
    result = table[:]
    result[0] = 0.0
    return result
