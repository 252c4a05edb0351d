"""Train a multi-layer perceptron on handwritten digits.

python docs/examples/train_mlp.py
"""

import sys
import time

import autodiff as ad
from autodiff import nn, optim
from autodiff.utils.data import DataLoader
from autodiff.utils.progress import track
from autodiff.vision.datasets import Digits

EPOCHS = 25


def build() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))


def train(model: nn.Module, epochs: int, lr: float) -> None:
    loader = DataLoader(Digits(train=True), batch_size=32, shuffle=True)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    for _ in track(range(epochs), "training"):
        for images, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()


def accuracy(model: nn.Module) -> float:
    """The share of test images whose highest score is the right digit."""
    digits = Digits(train=False)
    model.eval()
    with ad.no_grad():
        predicted = model(digits.data).argmax(1)
    return (predicted == digits.targets).float().mean().item()


if __name__ == "__main__":
    ad.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    start = time.perf_counter()
    model = build()
    train(model, EPOCHS, lr=0.05)
    print(f"test accuracy {accuracy(model):.1%} after {time.perf_counter() - start:.1f} s")
