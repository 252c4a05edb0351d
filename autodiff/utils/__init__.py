"""Data loading and small helpers."""

from autodiff.errors.missing import attribute_of
from autodiff.utils import data, dlpack, progress, safetensors

__all__ = ["data", "dlpack", "progress", "safetensors"]

__getattr__ = attribute_of(__name__)
