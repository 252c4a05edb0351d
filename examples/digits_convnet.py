"""A pooled convolutional net that reads handwritten digits.

Run it with `python examples/digits_convnet.py`; training and pictures are those of digits_mlp.py.
"""

import sys

from digits_mlp import run

import autodiff as torch
from autodiff import nn

EPOCHS = 20


def build():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(256, 10),
    )


if __name__ == "__main__":
    torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    run("convnet", build(), EPOCHS)
