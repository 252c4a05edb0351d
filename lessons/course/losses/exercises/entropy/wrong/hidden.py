# expect: on the way forward only
import autodiff as ad


def entropy(p):
    return -ad.where(p > 0, p * p.log(), 0.0).sum()
