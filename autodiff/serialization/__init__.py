"""Saving and loading: files that hold data only, so that loading one never runs code from it."""

from autodiff.serialization.archive import load, save

__all__ = ["load", "save"]
