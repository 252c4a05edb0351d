# expect: channels first
import numpy as np

import autodiff as ad


def to_tensor(image):
    pixels = np.asarray(image)
    return ad.tensor(pixels, dtype=ad.float32) / 255
