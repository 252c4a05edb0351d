"""PyTorch's questions about the GPUs of Apple's machines, for programs that ask before they choose.

>>> import autodiff as ad
>>> device = "mps" if ad.backends.mps.is_available() else "cpu"
"""


def is_available() -> bool:
    """False: tensors live on the CPU, or on NVIDIA's GPUs."""
    return False


def is_built() -> bool:
    """False."""
    return False
