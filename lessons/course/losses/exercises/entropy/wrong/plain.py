# expect: 0 times infinity is nan
import autodiff as ad


def entropy(p):
    return -(p * p.log()).sum()
