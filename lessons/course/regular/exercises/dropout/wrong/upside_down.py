# expect: is `training` the wrong way round
import autodiff as ad


def drop(x, p, training):
    if training:
        return x
    return x * (ad.rand_like(x) >= p) / (1 - p)
