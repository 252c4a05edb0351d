"""One seed, one result: the same bits from run to run, whatever else differs between the runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PROGRAM = """
import hashlib, random, sys
import autodiff as ad
from autodiff import nn
from autodiff.utils.data import DataLoader, Dataset
from autodiff.vision.datasets import Digits

class Jittered(Dataset):
    def __init__(self, jitter):
        self.digits, self.jitter = Digits(train=True), jitter
    def __len__(self):
        return 256
    def __getitem__(self, i):
        x, y = self.digits[i]
        if self.jitter:
            x = x + self.jitter * (ad.rand(()) + random.random())
        return x, y

if __name__ == "__main__":
    workers, jitter = int(sys.argv[1]), float(sys.argv[2])
    ad.manual_seed(3)
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Dropout(0.2), nn.Linear(36, 10),
    )
    table = nn.Embedding(10, 10)
    optimizer = ad.optim.AdamW([*net.parameters(), *table.parameters()], lr=0.01)
    for _ in range(2):
        data = DataLoader(Jittered(jitter), batch_size=32, shuffle=True, num_workers=workers)
        for x, y in data:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(x) + table((y + 1) % 10), y)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
    state = [*net.state_dict().values(), *table.state_dict().values()]
    print(hashlib.sha256(b"".join(x.numpy().tobytes() for x in state)).hexdigest())
"""


@pytest.fixture
def bits(tmp_path: Path):
    """A function that trains in a new process, and returns a digest of the weights."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)

    def run(workers: int = 0, jitter: float = 0.0, threads: int = 1, hashes: int = 0) -> str:
        environment = os.environ | {
            "OPENBLAS_NUM_THREADS": str(threads),
            "NUMBA_NUM_THREADS": str(threads),
            "PYTHONHASHSEED": str(hashes),
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, program, str(workers), str(jitter)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_from_run_to_run(bits) -> None:
    """Python's hashes are salted anew in each run, and must not decide any order."""
    assert bits(hashes=1) == bits(hashes=2)


def test_with_any_number_of_workers(bits) -> None:
    """As long as the samples themselves draw no random numbers."""
    assert bits(workers=0) == bits(workers=1) == bits(workers=3)


def test_random_samples_with_one_number_of_workers(bits) -> None:
    """Each worker has random numbers of its own, so their number matters, but not the run."""
    two = bits(workers=2, jitter=0.1)
    assert two == bits(workers=2, jitter=0.1)
    assert two != bits(workers=3, jitter=0.1)


def test_with_any_number_of_threads_on_small_nets(bits) -> None:
    assert bits(threads=1) == bits(threads=2)
