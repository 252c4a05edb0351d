"""Data loading and small helpers."""

from autodiff.utils import data, progress

__all__ = ["data", "progress"]
