"""Compares with transforms.ToTensor on a picture that is not square, with a block in a corner."""

from PIL import Image, ImageDraw

from autodiff.vision import transforms
from lessons.checking import expect, require


def check(work):
    image = Image.new("RGB", (3, 2), "black")
    ImageDraw.Draw(image).rectangle((0, 0, 0, 1), fill=(255, 51, 0))
    expected = transforms.ToTensor()(image)
    result = work.to_tensor(image)
    require(
        hasattr(result, "requires_grad"),
        f"to_tensor gives a {type(result).__name__}, not a tensor.",
        hint="ad.tensor(...) makes one from an array.",
    )
    shape = tuple(result.shape)
    require(
        shape != (2, 3, 3),
        f"The shape is {shape}: height, width, channels.",
        hint="Models want the channels first: permute.",
    )
    require(
        shape == (3, 2, 3),
        f"The shape is {shape}, not (3, 2, 3): channels, height, width.",
        hint="The picture is 3 wide and 2 high. permute(2, 0, 1) takes the last dimension first.",
    )
    require(
        result.dtype == expected.dtype,
        f"The dtype is {result.dtype}, not float32.",
        hint="Models compute with float32.",
    )
    if not result.isfinite().all() or result.max().item() > 1:
        require(
            False,
            "The values are not between 0 and 1.",
            hint="Bytes go from 0 to 255.",
        )
    expect(
        result,
        expected,
        "to_tensor of a picture with an orange column at the left",
        wrong={
            tuple(
                scrambled(expected)
            ): "The shape is right and the picture is scrambled: reshape "
            "reads the numbers in the old order. Use permute.",
        },
        within=1e-5,
    )


def scrambled(expected):
    return expected.permute(1, 2, 0).flatten().tolist()
