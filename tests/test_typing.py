"""What editors and type checkers see of the public names, and what help() shows of them."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import autodiff as ad
from autodiff import nn

ROOT = Path(__file__).parents[1]
PROGRAM = """
import autodiff as ad
from autodiff import Scalar, Tensor, nn, optim
from autodiff.utils.data import DataLoader, TensorDataset
import viz


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x: ad.Tensor) -> ad.Tensor:
        return nn.functional.relu(self.layer(x))  # type: ignore[no-any-return]


@ad.no_grad()
def half(x: Tensor) -> Tensor:
    return x[::2]


net = Net()
optimizer = optim.SGD(net.parameters(), lr=0.1)
for (x,) in DataLoader(TensorDataset(ad.randn(4, 2)), batch_size=2):
    loss = nn.functional.mse_loss(net(x), ad.zeros(2, 1, dtype=ad.float32))
    loss.backward()
    optimizer.step()
viz.graph(Scalar(2.0).exp()).save("graph.svg")
reveal_type(half(ad.ones(4)))
reveal_type(net.layer)
"""


@pytest.mark.slow
def test_a_program_passes_the_strictest_type_check(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "program.py"]
    checked = subprocess.run(
        command, cwd=tmp_path, env={"MYPYPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert 'Revealed type is "autodiff.tensor.Tensor"' in checked.stdout
    assert 'Revealed type is "autodiff.nn.linear.Linear"' in checked.stdout


def test_tab_offers_the_public_names_and_no_others() -> None:
    assert set(dir(ad)) == {*ad.__all__, "__version__"}
    assert len(set(ad.__all__)) == len(ad.__all__)
    assert {"Tensor", "tensor", "exp", "sum", "float32", "no_grad", "nn"} <= set(dir(ad))
    assert not {"gc", "warnings", "Any", "FUNCTIONS", "generate"} & set(dir(ad))
    assert all(hasattr(ad, name) for name in ad.__all__)


def test_help_shows_the_arguments() -> None:
    assert str(inspect.signature(ad.exp)) == "(input, *, out=None)"
    for _ in range(2):  # the method is made when it is first called
        assert str(inspect.signature(ad.ones(2).pow)) == "(exponent, *, out=None)"
        ad.ones(2).pow(2)
    assert list(inspect.signature(nn.Linear).parameters)[:2] == ["in_features", "out_features"]
