"""Draws the gallery: pictures of three sizes, in light and dark, with the code that made them.

python docs/gallery/draw.py [FOLDER]

The files it writes are kept beside it; the tests draw them again and compare every byte.
"""

from __future__ import annotations

import sys
from pathlib import Path

import autodiff as ad
import viz
from autodiff import nn
from autodiff.nn import functional as F  # noqa: N812 - PyTorch's custom
from autodiff.nn.parallel.reducer import BucketRecord, Reductions

HERE = Path(__file__).parent


def scalars(folder: Path) -> None:
    """Three nodes, and the chain rule on log(x)**2 / x**2."""
    a, b = ad.Scalar(2.0), ad.Scalar(-3.0)
    product = a * b
    viz.graph(product, derivatives=True).save(folder / "product.svg")
    x = ad.Scalar(2.0)
    y = x.log() ** 2 / x**2
    for theme in ("light", "dark", "print"):
        viz.backward(y, theme=theme).save(folder / f"backward-{theme}.svg")
    viz.grad_fn(y, saved=True).save(folder / "grad_fn.svg")
    viz.backward(y).save_animation(folder / "animation.svg")
    viz.backward(y).save(folder / "player.html")


class LeNet(nn.Module):
    """Two pooled convolutions and two linear layers."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 4, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(4, 8, 5), nn.ReLU(), nn.MaxPool2d(2),
        )  # fmt: skip
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(128, 10))

    def forward(self, x: ad.Tensor) -> ad.Tensor:
        return self.head(self.features(x))


def lenet(folder: Path) -> None:
    """One step of a pooled convolutional net: whole, and with each module as one box."""
    ad.manual_seed(0)
    model = LeNet()
    images, labels = ad.rand(8, 1, 28, 28), ad.arange(8)
    loss = F.cross_entropy(model(images), labels)
    for theme in ("light", "dark"):
        viz.backward(loss, theme=theme).save(folder / f"lenet-{theme}.svg")
    viz.graph(loss, depth=1).save(folder / "lenet-modules.svg")


def loop(folder: Path) -> None:
    """A recurrent loop of 1,000 nodes, folded."""
    w = ad.Scalar(0.99)
    h = ad.Scalar(1.0)
    for _ in range(500):
        h = (h * w).tanh()
    for theme in ("light", "dark"):
        viz.backward(h, theme=theme).save(folder / f"thousand-{theme}.svg")


def unwell(folder: Path) -> None:
    """Gradients that are zero, and not numbers."""
    z = ad.tensor([0.0, 1.0, 4.0], requires_grad=True)
    dead = (z - 5).relu()
    loss = (z.sqrt() * z + dead).sum()
    viz.backward(loss).save(folder / "health.svg")


def questions(folder: Path) -> None:
    """What why, diff and gradcheck draw."""
    w = ad.tensor([1.0, 2.0], requires_grad=True)
    v = ad.tensor([3.0, 4.0], requires_grad=True)

    def program(cut: bool) -> ad.Tensor:
        hidden = (w * 2).relu()
        if cut:
            hidden = hidden.detach()
        return (hidden * v).sum()

    viz.diff(program(False), program(True)).save(folder / "diff.svg")
    x = ad.tensor([-1.0, -3.0], requires_grad=True)
    y = x.relu()
    loss = (y * 3).sum()
    loss.backward(retain_graph=True)
    viz.why(x, loss).save(folder / "why.svg")
    z = ad.tensor([0.5, -1.0], dtype=ad.float64, requires_grad=True)
    viz.gradcheck(lambda z: (WrongTanh.apply(z * 2) ** 2).sum(), z).save(folder / "gradcheck.svg")


def program(folder: Path) -> None:
    """The graph that a compiled function recorded, and the program it became."""
    a, b, c = (ad.ones(8, requires_grad=True) for _ in range(3))

    @ad.compile
    def step() -> ad.Tensor:
        loss = (a * b + c).relu().sum()
        loss.backward()
        return loss

    step()
    for theme in ("light", "dark"):
        viz.compiled(step, theme=theme).save(folder / f"compiled-{theme}.svg")


class Averaged:
    """Stands for a DistributedDataParallel 784-512-512-10 after a pass that two processes timed."""

    reductions = Reductions(
        2,
        [
            BucketRecord(["4.bias", "4.weight", "2.bias"], 22568, 0.00094, 0.00276),
            BucketRecord(["2.weight"], 1048576, 0.00099, 0.00276),
            BucketRecord(["0.bias"], 2048, 0.00185, 0.00276),
            BucketRecord(["0.weight"], 1605632, 0.00188, 0.00298),
        ],
        [
            ("4.weight", 5e-05), ("4.bias", 5e-05), ("2.weight", 0.00093), ("2.bias", 0.00094),
            ("0.weight", 0.00184), ("0.bias", 0.00185),
        ],
        waited=0.00207,
        ended=0.00335,
    )  # fmt: skip


def averages(folder: Path) -> None:
    """Buckets of gradients that travel while the backward pass goes on."""
    viz.reductions(Averaged()).save(folder / "reductions.svg")


class WrongTanh(ad.autograd.Function):
    """tanh with a mistake in its gradient, for gradcheck to find."""

    @staticmethod
    def forward(ctx, x):
        y = x.tanh()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * (1 - y)


PICTURES = (scalars, lenet, loop, unwell, questions, program, averages)


def draw(folder: Path) -> None:
    """Draw all of it into a folder."""
    for draw_some in PICTURES:
        draw_some(folder)


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
