"""Changes of images as functions. An image is a Pillow image, or a tensor (..., C, H, W)."""

from autodiff.vision.transforms.geometry import (
    InterpolationMode,
    center_crop,
    crop,
    hflip,
    pad,
    resize,
    resized_crop,
    rotate,
    vflip,
)
from autodiff.vision.transforms.pixels import (
    convert_image_dtype,
    erase,
    get_dimensions,
    normalize,
    pil_to_tensor,
    rgb_to_grayscale,
    to_grayscale,
    to_pil_image,
    to_tensor,
)

__all__ = [
    "InterpolationMode", "center_crop", "convert_image_dtype", "crop", "erase", "get_dimensions",
    "hflip", "normalize", "pad", "pil_to_tensor", "resize", "resized_crop", "rgb_to_grayscale",
    "rotate", "to_grayscale", "to_pil_image", "to_tensor", "vflip",
]  # fmt: skip
