"""Data loading and small helpers."""

from autodiff.utils import data, dlpack, progress

__all__ = ["data", "dlpack", "progress"]
