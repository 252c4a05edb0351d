"""A parameter is made where it is to be."""

import autodiff as ad


def parameter(numbers, device, dtype) -> ad.Tensor:
    return ad.tensor(
        numbers, device=device, dtype=dtype, requires_grad=True
    )
