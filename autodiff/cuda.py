"""GPU devices. This build computes on the CPU; the names are here so that scripts can ask."""

__all__ = ["device_count", "is_available"]


def is_available() -> bool:
    """Whether tensors can live on a GPU.

    >>> import autodiff as ad
    >>> ad.device("cuda" if ad.cuda.is_available() else "cpu")
    device(type='cpu')
    """
    return False


def device_count() -> int:
    """How many GPUs can be used."""
    return 0
