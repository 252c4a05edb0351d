"""Images: data sets to learn from, transforms, files and grids of pictures."""

from autodiff.vision import datasets, io, transforms, utils

__all__ = ["datasets", "io", "transforms", "utils"]
