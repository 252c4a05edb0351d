"""The entropy of probabilities, with a logarithm that never sees a 0."""

import autodiff as ad


def entropy(p):
    safe = ad.where(p > 0, p, 1.0)
    return -(safe * safe.log()).sum()
