# expect: probability to be dropped, not to survive
import autodiff as ad


def drop(x, p, training):
    if not training:
        return x
    return x * (ad.rand_like(x) < p) / p
