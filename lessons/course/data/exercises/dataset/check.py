"""Asks for the length, for a sample, and for a batch through a DataLoader."""

import autodiff as ad
from autodiff.utils.data import DataLoader
from lessons.checking import expect, require

LINES = ["3,0,16,8,4", "7,16,16,0,0", "0,1,2,3,4"]


def check(work):
    table = work.Table(LINES)
    expect(len(table), 3, "len(table) of three lines")
    sample = table[0]
    require(
        isinstance(sample, tuple) and len(sample) == 2,
        "A sample is to be a pair: (image, label).",
    )
    image, label = sample
    require(
        type(image) is not int,
        "The sample is a pair of label and image.",
        hint="It is to be (image, label): the image comes first.",
    )
    require(
        not isinstance(label, str),
        f"The label is the text {label!r}.",
        hint="A loss needs the number of the class: int(label).",
    )
    require(
        type(label) is int,
        f"The label is of type {type(label).__name__}.",
        hint="The number of a class is an int; from floats the loader makes a float batch, which "
        "cross_entropy takes for something else.",
    )
    expect(label, 3, "the label of sample 0")
    require(
        tuple(getattr(image, "shape", ())) == (1, 2, 2),
        f"The image of sample 0 has the shape {tuple(getattr(image, 'shape', ()))}, not (1, 2, 2).",
        hint="One channel, two rows, two columns: .view(1, 2, 2).",
    )
    expect(
        image,
        ad.tensor([[[0.0, 1.0], [0.5, 0.25]]]),
        "the image of sample 0",
        wrong={
            (
                0.0,
                1.0,
                0.0,
                0.0,
            ): "// divides and drops the rest. Divide by /.",
            (
                0.0,
                16.0,
                8.0,
                4.0,
            ): "These pixels go from 0 to 16; divide by 16.",
            (
                0.0,
                16 / 255,
                8 / 255,
                4 / 255,
            ): "These pixels go to 16, not to 255.",
        },
    )
    images, labels = next(iter(DataLoader(table, batch_size=3)))
    require(
        tuple(images.shape) == (3, 1, 2, 2),
        f"A batch of three has the shape {tuple(images.shape)}.",
    )
    expect(labels, ad.tensor([3, 7, 0]), "the labels of a batch of three")
