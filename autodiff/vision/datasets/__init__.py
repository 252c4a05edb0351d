"""Data sets of images."""

from autodiff.vision.datasets.digits import Digits

__all__ = ["Digits"]
