"""Anomaly detection: which line of the program made the node whose backward went wrong."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.autograd.graph import record_lines, source_of
from autodiff.grad_mode import mode
from autodiff.graph import Bundle, Output

__all__ = ["detect_anomaly", "set_detect_anomaly"]


class AnomalyDetector(record_lines):
    """Records lines, and checks what each node computes in a backward pass."""

    def __init__(self, check_nan: bool) -> None:
        self.check_nan = check_nan

    def step(self, node: Any, run: Callable[[], Any]) -> Any:
        if isinstance(node, Output):
            return run()
        try:
            contributions = run()
        except Exception as error:
            error.add_note(_blame(node))
            raise
        if self.check_nan:
            for i, g in enumerate(contributions):
                if _has_nan(g):
                    raise errors.autograd.nan_in_backward(node.name(), i, _blame(node))
        return contributions


class set_detect_anomaly:  # noqa: N801 - PyTorch's name
    """Switch anomaly detection on or off, at once; as a context manager it also restores.

    Args:
        mode: whether it is on.
        check_nan: raise when a node computes nan in a backward pass.

    >>> import autodiff as ad
    >>> with ad.autograd.set_detect_anomaly(True):
    ...     y = ad.tensor(2.0, requires_grad=True).log()
    >>> ad.autograd.graph.source_of(y.grad_fn).text
    'y = ad.tensor(2.0, requires_grad=True).log()'
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.before = _detectors()
        _replace_detectors((AnomalyDetector(check_nan),) if mode else ())

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exception: object) -> None:
        _replace_detectors(self.before)


class detect_anomaly:  # noqa: N801 - PyTorch's name
    """Inside, a backward pass that fails or computes nan names the line that made the node.

    Every node then remembers its line, so this is for finding a mistake, not for training.

    Args:
        check_nan: raise when a node computes nan.

    Raises:
        RuntimeError: in the backward pass, when a node computes nan.

    >>> import autodiff as ad
    >>> import warnings; warnings.simplefilter("ignore")
    >>> x = ad.tensor(0.0, requires_grad=True)
    >>> with ad.autograd.detect_anomaly():
    ...     root = x.sqrt()
    ...     (root * 0).backward()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    RuntimeError: Function 'SqrtBackward0' returned nan values in its 0th output.
    ...
    """

    def __init__(self, check_nan: bool = True) -> None:
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should "
            "only be enabled for debugging.",
            stacklevel=2,
        )
        self.check_nan = check_nan

    def __enter__(self) -> None:
        self.before = _detectors()
        try:
            _replace_detectors((AnomalyDetector(self.check_nan),))
        except BaseException:  # Ctrl-C in the middle: nobody will call __exit__
            self.__exit__()
            raise

    def __exit__(self, *exception: object) -> None:
        _replace_detectors(self.before)


def is_anomaly_enabled() -> bool:
    """Whether anomaly detection is on in this thread."""
    return bool(_detectors())


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly detection looks for nan."""
    return any(detector.check_nan for detector in _detectors())


def _detectors() -> tuple[AnomalyDetector, ...]:
    return tuple(o for o in mode.observers if isinstance(o, AnomalyDetector))


def _replace_detectors(detectors: tuple[AnomalyDetector, ...]) -> None:
    others = tuple(o for o in mode.observers if not isinstance(o, AnomalyDetector))
    mode.observe(others + detectors)


def _has_nan(g: Any) -> bool:
    if isinstance(g, Bundle):
        return any(_has_nan(part) for part in g.parts)
    return g is not None and bool(np.isnan(getattr(g, "value", g)).any())


def _blame(node: Any) -> str:
    """Where the node was made."""
    source = source_of(node)
    if source is None:
        return (
            f"{node.name()} was made outside of anomaly detection, so its line is not known: put "
            "the forward pass inside as well."
        )
    text = f": {source.text}" if source.text else ""
    return f"{node.name()} was made by {source.file}, line {source.line}{text}"
