# expect: no graph
import autodiff as ad


def drop(x, p, training):
    if not training:
        return x
    out = x.detach().clone()
    out[ad.rand_like(x) < p] = 0.0
    return out / (1 - p)
