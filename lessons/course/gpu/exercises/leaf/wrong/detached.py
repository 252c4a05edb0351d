# expect: a detached tensor has to be asked again
import autodiff as ad


def parameter(numbers, device, dtype):
    return ad.tensor(numbers, requires_grad=True).to(device, dtype).detach()
