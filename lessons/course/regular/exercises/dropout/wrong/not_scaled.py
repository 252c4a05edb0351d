# expect: the survivors are not scaled
import autodiff as ad


def drop(x, p, training):
    if not training:
        return x
    return x * (ad.rand_like(x) >= p)
