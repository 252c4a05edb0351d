"""Data loading and small helpers."""

from autodiff.utils import data, dlpack, progress, safetensors

__all__ = ["data", "dlpack", "progress", "safetensors"]
