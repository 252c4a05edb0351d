"""Data sets of images."""

from autodiff.vision.datasets.cifar import CIFAR10
from autodiff.vision.datasets.digits import Digits
from autodiff.vision.datasets.fake import FakeData
from autodiff.vision.datasets.folder import DatasetFolder, ImageFolder
from autodiff.vision.datasets.mnist import MNIST, FashionMNIST

__all__ = [
    "CIFAR10", "MNIST", "DatasetFolder", "Digits", "FakeData", "FashionMNIST", "ImageFolder",
]  # fmt: skip
