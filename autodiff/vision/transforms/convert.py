"""Transforms that chain others, and those that turn one kind of image into another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autodiff import dtypes, errors
from autodiff.nn.module import Module
from autodiff.tensor import Tensor
from autodiff.vision.transforms import functional as F  # noqa: N812

__all__ = [
    "Compose", "ConvertImageDtype", "Lambda", "Normalize", "PILToTensor", "ToPILImage", "ToTensor",
]  # fmt: skip


class Compose:
    """Several transforms, one after the other.

    >>> from autodiff.vision import transforms
    >>> transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    Compose(
        ToTensor()
        Normalize(mean=(0.5,), std=(0.5,))
    )
    """

    def __init__(self, transforms: Sequence[Callable[[Any], Any]]) -> None:
        self.transforms = transforms

    def __call__(self, img: Any) -> Any:
        for transform in self.transforms:
            img = transform(img)
        return img

    def __repr__(self) -> str:
        return "\n".join(["Compose(", *(f"    {transform}" for transform in self.transforms), ")"])


class ToTensor:
    """A Pillow image, or an array (H, W, C), as a tensor (C, H, W); bytes as floats from 0 to 1.

    Raises:
        TypeError: neither an image nor an array: a tensor, for example, which is one already.

    >>> import numpy as np
    >>> from autodiff.vision.transforms import ToTensor
    >>> ToTensor()(np.array([[[0], [51], [255]]], dtype=np.uint8))
    tensor([[[0.0000, 0.2000, 1.0000]]])
    """

    def __call__(self, pic: Any) -> Tensor:
        return F.to_tensor(pic)

    def __repr__(self) -> str:
        return "ToTensor()"


class PILToTensor:
    """A Pillow image as a tensor (C, H, W) of the same numbers.

    Raises:
        TypeError: not a Pillow image.

    >>> from PIL import Image
    >>> from autodiff.vision.transforms import PILToTensor
    >>> PILToTensor()(Image.new("L", (3, 1), color=51))
    tensor([[[51, 51, 51]]], dtype=autodiff.uint8)
    """

    def __call__(self, pic: Any) -> Tensor:
        return F.pil_to_tensor(pic)

    def __repr__(self) -> str:
        return "PILToTensor()"


class ToPILImage:
    """A tensor (C, H, W) or an array (H, W, C) as a Pillow image, floats from 0 to 1 as bytes.

    Raises:
        TypeError: neither a tensor nor an array.
        ValueError: not 2 or 3 dimensions, or more than 4 channels.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import ToPILImage
    >>> image = ToPILImage()(ad.ones(3, 2, 4))
    >>> image.size, image.mode, image.getpixel((0, 0))
    ((4, 2), 'RGB', (255, 255, 255))
    """

    def __init__(self, mode: str | None = None) -> None:
        self.mode = mode

    def __call__(self, pic: Any) -> Any:
        return F.to_pil_image(pic, self.mode)

    def __repr__(self) -> str:
        return f"ToPILImage({'' if self.mode is None else f'mode={self.mode}'})"


class Lambda:
    """A function as a transform.

    Raises:
        TypeError: it cannot be called.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import Lambda
    >>> Lambda(lambda x: 1 - x)(ad.tensor([0.0, 0.25]))
    tensor([1.0000, 0.7500])
    """

    def __init__(self, lambd: Callable[[Any], Any]) -> None:
        if not callable(lambd):
            raise errors.vision.not_a_function(type(lambd).__name__)
        self.lambd = lambd

    def __call__(self, img: Any) -> Any:
        return self.lambd(img)

    def __repr__(self) -> str:
        return "Lambda()"


class ConvertImageDtype(Module):
    """A tensor in another dtype, scaled: floats go from 0 to 1, integers to their top.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import ConvertImageDtype
    >>> ConvertImageDtype(ad.float32)(ad.tensor([0, 51, 255], dtype=ad.uint8))
    tensor([0.0000, 0.2000, 1.0000])
    """

    def __init__(self, dtype: Any) -> None:
        super().__init__()
        self.dtype = dtypes.as_dtype(dtype)

    def forward(self, image: Tensor) -> Tensor:
        return F.convert_image_dtype(image, self.dtype)


class Normalize(Module):
    """(x - mean) / std, with a mean and a standard deviation for each channel.

    Raises:
        TypeError: when called: not a tensor, or not of floats.
        ValueError: when called: a standard deviation of 0.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import Normalize
    >>> Normalize((0.5,), (0.25,))(ad.tensor([[[0.0, 0.5, 1.0]]]))
    tensor([[[-2.,  0.,  2.]]])
    """

    def __init__(self, mean: Any, std: Any, inplace: bool = False) -> None:
        super().__init__()
        self.mean, self.std, self.inplace = mean, std, inplace

    def forward(self, tensor: Tensor) -> Tensor:
        return F.normalize(tensor, self.mean, self.std, self.inplace)

    def __repr__(self) -> str:
        return f"Normalize(mean={self.mean}, std={self.std})"
