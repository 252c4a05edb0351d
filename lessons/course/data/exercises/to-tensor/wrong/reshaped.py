# expect: the picture is scrambled
import numpy as np

import autodiff as ad


def to_tensor(image):
    pixels = np.asarray(image)
    height, width, _ = pixels.shape
    return (
        ad.tensor(pixels, dtype=ad.float32).reshape(3, height, width) / 255
    )
