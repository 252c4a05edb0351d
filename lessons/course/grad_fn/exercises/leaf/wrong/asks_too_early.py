# expect: compute first, ask last
import autodiff as ad


def make_leaf(numbers, scale):
    start = ad.tensor(numbers, dtype=ad.float64, requires_grad=True)
    return start * scale
