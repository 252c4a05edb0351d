"""Train a pooled convolutional net on handwritten digits.

python docs/examples/train_convnet.py
"""

import sys
import time

from train_mlp import accuracy, train

import autodiff as ad
from autodiff import nn

EPOCHS = 15


def build() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(128, 10),
    )


if __name__ == "__main__":
    ad.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    start = time.perf_counter()
    model = build()
    train(model, EPOCHS, lr=0.05)
    print(f"test accuracy {accuracy(model):.1%} after {time.perf_counter() - start:.1f} s")
