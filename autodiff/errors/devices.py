"""Mistakes with devices."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import teach


def unknown_device(name: Any) -> Exception:
    return teach(
        RuntimeError, f"Expected one of cpu, cuda device type at start of device string: {name}."
    )


def device_number(name: Any) -> Exception:
    return teach(
        RuntimeError,
        f"Invalid device string: '{name}'.",
        fix='a device is "cpu", "cuda" or "cuda:0".',
    )


def no_cuda() -> Exception:
    return teach(
        AssertionError,
        "this build of autodiff is not compiled with CUDA enabled: it computes on the CPU only.",
        fix='use device = "cuda" if autodiff.cuda.is_available() else "cpu".',
    )
