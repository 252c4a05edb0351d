"""PyTorch's switches for NVIDIA's cuDNN, which is not used here: setting them changes nothing."""

deterministic = True
benchmark = False
enabled = False


def is_available() -> bool:
    """False: kernels for the GPU are made from the declarations of the ops."""
    return False


def version() -> None:
    """None: there is no cuDNN."""
