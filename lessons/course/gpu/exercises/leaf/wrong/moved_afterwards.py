# expect: ask for the gradient last
import autodiff as ad


def parameter(numbers, device, dtype):
    return ad.tensor(numbers, requires_grad=True).to(device, dtype)
