# expect: detach() gives a tensor that does not
import autodiff as ad


def make_leaf(numbers, scale):
    start = ad.tensor(numbers, requires_grad=True).double() * scale
    return start.detach()
