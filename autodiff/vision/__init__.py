"""Images: data sets to learn from, transforms, files and grids of pictures."""

from autodiff.errors.missing import attribute_of
from autodiff.vision import datasets, io, transforms, utils

__all__ = ["datasets", "io", "transforms", "utils"]

__getattr__ = attribute_of(__name__)
