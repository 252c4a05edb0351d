"""States cross between the libraries: weights saved by one give the other's predictions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.utils import safetensors as ours_st
from tests.nn.beside import array, numbers

torch = pytest.importorskip("torch")
theirs_st = pytest.importorskip("safetensors.torch")
pytestmark = pytest.mark.parity


def model(m: Any) -> Any:
    nn = m.nn

    class Net(nn.Module):  # type: ignore[name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.features = nn.Sequential(
                nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2)
            )
            self.read = nn.LSTM(16, 8, batch_first=True, bidirectional=True)
            self.norm = nn.LayerNorm(16)
            self.head = nn.Linear(16, 3)

        def forward(self, x: Any) -> Any:
            x = self.features(x)
            out, _ = self.read(x.flatten(1).reshape(x.shape[0], 4, 16))
            return self.head(self.norm(out[:, -1]))

    return Net()


def trained(m: Any) -> Any:
    """A model whose running statistics are no longer those it started with."""
    net = model(m)
    for seed in range(3):
        net(m.tensor(numbers(5, 1, 8, 8, seed=seed).astype(np.float32)))
    return net.eval()


def predictions(m: Any, net: Any) -> np.ndarray:
    return array(net(m.tensor(numbers(4, 1, 8, 8, seed=9).astype(np.float32))))


def test_from_pytorch_to_here(tmp_path: Path) -> None:
    theirs = trained(torch)
    theirs_st.save_file(theirs.state_dict(), tmp_path / "net.safetensors")
    net = model(ad)
    result = net.load_state_dict(ours_st.load_file(tmp_path / "net.safetensors"))
    assert repr(result) == "<All keys matched successfully>"
    np.testing.assert_allclose(
        predictions(ad, net.eval()), predictions(torch, theirs), rtol=1e-5, atol=1e-6
    )


def test_from_here_to_pytorch(tmp_path: Path) -> None:
    ours = trained(ad)
    ours_st.save_file(ours.state_dict(), tmp_path / "net.safetensors")
    net = model(torch)
    net.load_state_dict(theirs_st.load_file(tmp_path / "net.safetensors"))
    np.testing.assert_allclose(
        predictions(torch, net.eval()), predictions(ad, ours), rtol=1e-5, atol=1e-6
    )
