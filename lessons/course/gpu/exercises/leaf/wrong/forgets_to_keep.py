# expect: the dtype is
import autodiff as ad


def parameter(numbers, device, dtype):
    w = ad.tensor(numbers, requires_grad=True)
    w.to(device, dtype)
    return w
