"""Plots, where a curve says more than a graph: losses, gradient norms, paths of optimizers,
histograms. They need matplotlib: ``pip install 'autodiff-tutorial[plots]'``.

Each function returns a matplotlib ``Figure``, which a notebook shows and ``savefig`` writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from viz.values import norm

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["GradientNorms", "confusion", "curves", "gradient_norms", "histograms", "paths"]

STYLES = ("-", "--", "-.", ":")
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""The Okabe-Ito palette; line styles differ too, so that colour never carries meaning alone."""


def curves(
    *, title: str = "", x_label: str = "step", y_label: str = "loss", log: bool = False,
    **values: Sequence[float],
) -> Figure:  # fmt: skip
    """Curves over steps or epochs, one for each named sequence of numbers.

    Raises:
        ImportError: matplotlib is not installed.

    >>> from viz import plots
    >>> figure = plots.curves(train=[1.0, 0.5, 0.2], test=[1.1, 0.7, 0.5])
    """
    figure, axes = _figure(title, x_label, y_label)
    for i, (name, numbers) in enumerate(values.items()):
        steps = range(1, len(numbers) + 1)
        axes.plot(
            steps, numbers, STYLES[i % 4], color=COLOURS[i % 7], label=name, marker=_dot(steps)
        )
    if log:
        axes.set_yscale("log")
    if values:
        axes.legend()
    return figure


class GradientNorms:
    """Records the norm of the gradient of each parameter while a model is trained.

    Call ``record()`` after each ``backward()``; ``plot()`` shows all of them.

    >>> import autodiff as ad
    >>> from viz import plots
    >>> model = ad.nn.Linear(2, 1)
    >>> norms = plots.GradientNorms(model)
    >>> for _ in range(3):
    ...     model(ad.ones(1, 2)).sum().backward()
    ...     norms.record()
    >>> {name: len(values) for name, values in norms.values.items()}
    {'weight': 3, 'bias': 3}
    """

    def __init__(self, model: Any) -> None:
        self.parameters = dict(model.named_parameters())
        self.values: dict[str, list[float]] = {name: [] for name in self.parameters}

    def record(self) -> None:
        """Note the norms as they are now; a gradient that is None counts as nan."""
        for name, parameter in self.parameters.items():
            grad = parameter.grad
            size = float("nan") if grad is None else norm(_array(grad))
            self.values[name].append(size)

    def plot(self, title: str = "gradient norms") -> Figure:
        """A curve for each parameter, on a logarithmic scale."""
        return gradient_norms(self.values, title=title)


def gradient_norms(norms: Mapping[str, Sequence[float]], title: str = "gradient norms") -> Figure:
    """Norms of gradients over steps, by the name of the parameter, on a logarithmic scale.

    >>> import autodiff as ad
    >>> from viz import plots
    >>> figure = plots.gradient_norms({"weight": [1.0, 0.1, 0.01], "bias": [1.0, 0.5, 0.25]})
    """
    named: dict[str, Any] = dict(norms)
    return curves(title=title, y_label="norm of the gradient", log=True, **named)


def paths(
    loss: Callable[[Any, Any], Any],
    x: tuple[float, float] = (-2.0, 2.0),
    y: tuple[float, float] = (-2.0, 2.0),
    *,
    title: str = "",
    resolution: int = 80,
    **walks: Iterable[tuple[float, float]],
) -> Figure:
    """The paths of optimizers over a surface of two variables, drawn as contour lines.

    Args:
        loss: of two floats, or of two NumPy arrays, the height.
        x, y: the part of the surface to draw.
        title: of the figure.
        resolution: points per side.
        walks: for each named optimizer the points it visited.

    >>> from viz import plots
    >>> figure = plots.paths(lambda x, y: x**2 + 3 * y**2, sgd=[(2.0, 1.0), (1.0, 0.2), (0.1, 0.0)])
    """
    figure, axes = _figure(title, "x", "y")
    xs, ys = np.linspace(*x, resolution), np.linspace(*y, resolution)
    heights = np.array([[float(loss(u, v)) for u in xs] for v in ys])
    levels = np.unique(np.quantile(heights, np.linspace(0, 1, 20) ** 1.5))
    axes.contour(xs, ys, heights, levels=levels, cmap="Greys", linewidths=0.8)
    for i, (name, points) in enumerate(walks.items()):
        way = np.array(list(points), dtype=float).reshape(-1, 2)
        axes.plot(
            way[:, 0], way[:, 1], STYLES[i % 4], color=COLOURS[i % 7], marker="o", ms=3, label=name
        )
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    if walks:
        axes.legend()
    return figure


def histograms(*, title: str = "", bins: int = 40, **values: Any) -> Figure:
    """Histograms side by side: of activations, weights or gradients, by name.

    >>> import autodiff as ad
    >>> from viz import plots
    >>> figure = plots.histograms(before=ad.randn(500), after=ad.randn(500).relu())
    """
    count = max(len(values), 1)
    figure, all_axes = _figure(title, "", "", columns=count)
    for i, (name, numbers) in enumerate(values.items()):
        axes = all_axes[i] if count > 1 else all_axes
        array = _array(numbers).ravel()
        finite = array[np.isfinite(array)]
        axes.hist(finite, bins=bins, color=COLOURS[0], edgecolor="white", linewidth=0.3)
        zero = float(np.mean(array == 0)) if array.size else 0.0
        axes.set_title(f"{name}\n{100 * zero:.0f} % are zero" if zero else name, fontsize=10)
    return figure


def confusion(
    targets: Sequence[int], predictions: Sequence[int], classes: Sequence[str], title: str = ""
) -> Figure:
    """A confusion matrix: how often each class (row) was taken for each other one (column).

    >>> from viz import plots
    >>> figure = plots.confusion([0, 0, 1], [0, 1, 1], ["cat", "dog"])
    """
    figure, axes = _figure(title, "predicted", "true")
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(counts, (_array(targets).astype(int), _array(predictions).astype(int)), 1)
    axes.imshow(counts, cmap="Blues")
    for row, column in np.ndindex(counts.shape):
        shade = "white" if counts[row, column] > counts.max() / 2 else "black"
        axes.text(column, row, counts[row, column], ha="center", va="center", color=shade)
    axes.set_xticks(range(len(classes)), classes)
    axes.set_yticks(range(len(classes)), classes)
    return figure


def _figure(title: str, x_label: str, y_label: str, columns: int = 1) -> tuple[Figure, Any]:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError(
            "plots need matplotlib, which is not installed.\n"
            "  Fix: pip install matplotlib, or install this project with its extra `plots`."
        ) from None
    figure = Figure(figsize=(3.2 * columns if columns > 1 else 6.4, 4.0), layout="constrained")
    axes = figure.subplots(1, columns)
    if columns == 1:
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
    if title:
        figure.suptitle(title)
    return figure, axes


def _array(x: Any) -> np.ndarray:
    return np.asarray(x.detach().numpy() if hasattr(x, "detach") else x, dtype=float)


def _dot(steps: Sequence[int]) -> str:
    """Few points are marked; many would be a smear."""
    return "o" if len(steps) <= 20 else ""
