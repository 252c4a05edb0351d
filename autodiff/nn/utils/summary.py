"""A table of a model: its layers, the shapes they put out, and how many numbers each learns."""

from __future__ import annotations

from typing import Any

from autodiff.creation import zeros
from autodiff.grad_mode import no_grad
from autodiff.nn.module import Module
from autodiff.tensor import Tensor

__all__ = ["summary"]


def summary(model: Module, input_size: tuple[int, ...] | None = None, *inputs: Any) -> str:
    """A table of a model's layers, run once on zeros, or on ``inputs``, without a gradient.

    Args:
        model: any module.
        input_size: the shape of its input, with the batch.
        inputs: what to run it on instead.

    >>> import autodiff as ad
    >>> model = ad.nn.Sequential(ad.nn.Linear(3, 4), ad.nn.ReLU(), ad.nn.Linear(4, 1))
    >>> print(ad.nn.utils.summary(model, (5, 3)))
    layer   kind        output  parameters
            Sequential  [5, 1]          21
      0     Linear      [5, 4]          16
      1     ReLU        [5, 4]           0
      2     Linear      [5, 1]           5
    total: 21 parameters, all of them learned
    """
    shapes: dict[int, str] = {}

    def note(module: Module, given: Any, out: Any) -> None:
        shapes.setdefault(id(module), _shape(out))

    handles = [module.register_forward_hook(note) for module in model.modules()]
    was_training = model.training
    try:
        model.eval()
        with no_grad():
            model(*(inputs or (zeros(*(input_size or ())),)))
    finally:
        model.train(was_training)
        for handle in handles:
            handle.remove()
    rows = [("layer", "kind", "output", "parameters")]
    for name, module in model.named_modules():
        count = sum(p.numel() for p in module.parameters())
        depth = name.count(".") + 1 if name else 0
        label = "  " * depth + name.rpartition(".")[2]
        rows.append((label, type(module).__name__, shapes.get(id(module), "not run"), f"{count:,}"))
    return "\n".join([*_aligned(rows), _total(model)])


def _shape(out: Any) -> str:
    if isinstance(out, Tensor):
        return str(list(out.shape))
    if isinstance(out, (tuple, list)):
        return ", ".join(_shape(part) for part in out)
    return type(out).__name__


def _aligned(rows: list[tuple[str, str, str, str]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    return [
        "  ".join([*(cell.ljust(w) for cell, w in zip(row[:3], widths, strict=False)),
                   row[3].rjust(widths[3])])
        for row in rows
    ]  # fmt: skip


def _total(model: Module) -> str:
    parameters = list(model.parameters())
    total = sum(p.numel() for p in parameters)
    frozen = sum(p.numel() for p in parameters if not p.requires_grad)
    learned = f"{frozen:,} of them frozen" if frozen else "all of them learned"
    return f"total: {total:,} parameters, {learned}"
