"""Images: data sets to learn from."""

from autodiff.vision import datasets

__all__ = ["datasets"]
