"""Mistakes with tensors made in `inference_mode`."""

from __future__ import annotations

from autodiff.errors.teaching import teach

FIX = "make a normal tensor of it with x.clone(), or use no_grad() instead of inference_mode()."


def saved() -> Exception:
    return teach(
        RuntimeError,
        "Inference tensors cannot be saved for backward.",
        why="nothing counts the writes to a tensor made in inference_mode, so a change between the "
        "forward and the backward pass would go unnoticed.",
        fix=FIX,
    )


def written_outside() -> Exception:
    return teach(
        RuntimeError,
        "Inplace update to inference tensor outside InferenceMode is not allowed.",
        why="nothing counts the writes to a tensor made in inference_mode.",
        fix=FIX,
    )


def requires_grad_outside() -> Exception:
    return teach(
        RuntimeError,
        "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.",
        why="a tensor made in inference_mode never becomes part of a graph.",
        fix=FIX,
    )


def no_version() -> Exception:
    return teach(
        RuntimeError,
        "Inference tensors do not track version counter.",
        why="that is what inference_mode leaves out.",
        fix=FIX,
    )
