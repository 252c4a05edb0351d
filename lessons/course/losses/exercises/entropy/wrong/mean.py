# expect: the sum, not the mean
import autodiff as ad


def entropy(p):
    safe = ad.where(p > 0, p, 1.0)
    return -(safe * safe.log()).mean()
