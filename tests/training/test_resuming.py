"""A training that stops and goes on gives the same bits as one that never stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import autodiff as ad
from autodiff import nn
from autodiff.utils.data import DataLoader, TensorDataset


class Training:
    def __init__(self) -> None:
        self.model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 3))
        self.optimizer = ad.optim.AdamW(self.model.parameters(), lr=0.05, amsgrad=True)
        self.scheduler = ad.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, T_max=6)

    def epochs(self, count: int) -> list[float]:
        x = ad.arange(80.0).reshape(20, 4).sin()
        loader = DataLoader(TensorDataset(x, ad.arange(20) % 3), batch_size=6, shuffle=True)
        losses = []
        for _ in range(count):
            for inputs, labels in loader:
                self.optimizer.zero_grad()
                loss = nn.functional.cross_entropy(self.model(inputs), labels)
                loss.backward()
                self.optimizer.step()
                losses.append(loss.item())
            self.scheduler.step()
        return losses

    def state(self) -> dict[str, Any]:
        return {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "random": ad.get_rng_state(),
        }

    def resume(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scheduler.load_state_dict(state["scheduler"])
        ad.set_rng_state(state["random"])


def test_resuming_gives_the_same_bits(tmp_path: Path) -> None:
    ad.manual_seed(3)
    through = Training()
    losses = through.epochs(6)

    ad.manual_seed(3)
    stopped = Training()
    before = stopped.epochs(2)
    ad.save(stopped.state(), tmp_path / "checkpoint.pt")

    ad.manual_seed(99)
    resumed = Training()
    resumed.resume(ad.load(tmp_path / "checkpoint.pt"))
    assert before + resumed.epochs(4) == losses
    for p, q in zip(through.model.parameters(), resumed.model.parameters(), strict=True):
        assert p.tolist() == q.tolist()
