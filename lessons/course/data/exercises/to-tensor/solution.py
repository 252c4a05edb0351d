"""A picture of Pillow's as a tensor that a model can use."""

import numpy as np

import autodiff as ad


def to_tensor(image):
    pixels = np.asarray(image)
    return ad.tensor(pixels, dtype=ad.float32).permute(2, 0, 1) / 255
