"""A parameter on any device.

`parameter(numbers, device, dtype)` gives a tensor with these numbers, on this
device and of this dtype, that will get a gradient: a *leaf* that requires grad.
The version below is the mistake of the lesson.
"""

import autodiff as ad


def parameter(numbers, device, dtype) -> ad.Tensor:
    w = ad.tensor(numbers, requires_grad=True)
    return w.to(device, dtype)
