"""The shipped digits beside scikit-learn's copy of the same data."""

from __future__ import annotations

import numpy as np
import pytest

from autodiff.vision.datasets import Digits

sklearn_datasets = pytest.importorskip("sklearn.datasets")

pytestmark = pytest.mark.parity


def test_digits_are_those_of_scikit_learn_in_the_documented_order() -> None:
    source = sklearn_datasets.load_digits()
    order = np.random.default_rng(0).permutation(1797)
    parts = [Digits(train=True), Digits(train=False)]
    images = np.concatenate([part.data.numpy() for part in parts])
    labels = np.concatenate([part.targets.numpy() for part in parts])
    np.testing.assert_array_equal(images[:, 0] * 16, source.images[order])
    np.testing.assert_array_equal(labels, source.target[order])
