"""What was measured, as plots: everybody beside us, and how cost grows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aims import best
from peers import OURS, PEERS
from processes import Measured

__all__ = ["plot_growth", "plot_ratios"]

COLOURS = {
    "autodiff": "#0072B2", "autodiff compiled": "#56B4E9", "PyTorch": "#D55E00",
    "torch.compile": "#E69F00", "JAX jit": "#009E73", "tinygrad jit": "#CC79A7",
    "HIPS autograd": "#7A7500", "micrograd": "#555555",
}  # fmt: skip
MARKS = dict(zip(PEERS, "osDd^vPX", strict=True))
LABELS = {
    "nodes": "nodes of a chain, 8 numbers each", "batch": "batch of the MLP 784-128-64-10",
    "depth": "layers of 128 units, batch 64", "width": "width of two layers, batch 64",
}  # fmt: skip


TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000]


def plot_ratios(measured: Measured, file: Path) -> None:
    """Everybody's time over our best, a row for each work, on a logarithmic scale."""
    plt = _pyplot()
    works = [work for work, by_peer in measured.items() if best(by_peer)]
    figure, axes = plt.subplots(figsize=(9, 0.55 * len(works) + 1.6), layout="constrained")
    axes.axvspan(1e-4, 1, color="#F3D9CF", alpha=0.5, linewidth=0)
    axes.axvline(1, color="black", linewidth=1)
    shown = [p for p in PEERS if p not in OURS and any(p in measured[w] for w in works)]
    largest, least = 1.0, 1.0
    for peer in shown:
        points = [
            (measured[work][peer]["seconds"] / best(measured[work])[1], row)  # type: ignore[index]
            for row, work in enumerate(works)
            if peer in measured[work]
        ]
        ratios = [ratio for ratio, _ in points]
        largest, least = max(largest, *ratios), min(least, *ratios)
        axes.scatter(
            ratios, [row for _, row in points], s=52, zorder=3, label=peer,
            color=COLOURS[peer], marker=MARKS[peer], edgecolors="white", linewidths=0.6,
        )  # fmt: skip
    axes.set_yticks(range(len(works)), works)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(min(0.5, least * 0.8), largest * 1.4)
    ticks = [x for x in TICKS if min(0.5, least * 0.8) <= x <= largest * 1.4]
    axes.set_xticks(ticks, [f"{x:g}" for x in ticks])
    axes.minorticks_off()
    axes.grid(axis="both", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("time of the peer / time of autodiff (in the red part the peer is faster)")
    figure.legend(loc="outside upper center", ncols=max(1, len(shown)), frameon=False)
    _save(plt, figure, file)


def plot_growth(measured: Measured, file: Path) -> None:
    """Above seconds of a step over nodes, batch, depth and width; below our ratio to PyTorch."""
    plt = _pyplot()
    kinds = list(dict.fromkeys(name.split()[0] for name in measured))
    figure, panels = plt.subplots(
        2, len(kinds), figsize=(3.3 * len(kinds), 5), layout="constrained", sharex="col",
        height_ratios=(3, 2), squeeze=False,
    )  # fmt: skip
    for kind, times, ratios in zip(kinds, *panels, strict=True):
        lines = _lines(measured, kind)
        for peer, points in lines.items():
            xs, ys = zip(*sorted(points.items()), strict=True)
            look = {"color": COLOURS[peer], "marker": MARKS[peer], "markersize": 4}
            times.loglog(xs, ys, label=peer, **look)
        ours, theirs = lines.get("autodiff", {}), lines.get("PyTorch", {})
        both = sorted(set(ours) & set(theirs))
        ratios.axhspan(1, 100, color="#F3D9CF", alpha=0.5, linewidth=0)
        ratios.axhline(1, color="black", linewidth=1)
        ratios.semilogx(both, [ours[x] / theirs[x] for x in both], color=COLOURS["autodiff"],
                        marker="o", markersize=4)  # fmt: skip
        highest = max([ours[x] / theirs[x] for x in both], default=1)
        ratios.set_ylim(0, max(1.5, 1.15 * highest))
        ratios.set_xlabel(LABELS.get(kind, kind))
        sizes = sorted({size for points in lines.values() for size in points})
        ratios.set_xticks(sizes, [_compact(size) for size in sizes])
        ratios.minorticks_off()
        for axes in (times, ratios):
            axes.grid(color="#DDDDDD", linewidth=0.6)
            axes.set_axisbelow(True)
    panels[0][0].set_ylabel("seconds of a step")
    panels[1][0].set_ylabel("autodiff / PyTorch")
    panels[0][0].legend(frameon=False)
    _save(plt, figure, file)


def _lines(measured: Measured, kind: str) -> dict[str, dict[int, float]]:
    """For each peer its seconds by size."""
    lines: dict[str, dict[int, float]] = {}
    for name, by_peer in measured.items():
        if name.split()[0] == kind:
            size = int(name.split()[1].replace(",", ""))
            for peer, figures in by_peer.items():
                lines.setdefault(peer, {})[size] = figures["seconds"]
    return lines


def _compact(size: int) -> str:
    """A size in few characters.

    >>> _compact(1_000_000), _compact(4096), _compact(10_000)
    ('1M', '4096', '10k')
    """
    for unit, of_it in (("M", 1_000_000), ("k", 1_000)):
        if size % of_it == 0:
            return f"{size // of_it}{unit}"
    return str(size)


def _pyplot() -> Any:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams["svg.hashsalt"] = "autodiff"
    return plt


def _save(plt: Any, figure: Any, file: Path) -> None:
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
