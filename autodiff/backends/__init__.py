"""The heavy computations, one module per way of doing them.

`reference` is slow and obvious and defines what each one means; `cpu` is what runs.
`cudnn` and `mps` answer PyTorch's names for what is not here.
"""

from autodiff.backends import cudnn, mps

__all__ = ["cudnn", "mps"]
