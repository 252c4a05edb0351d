"""Mistakes with files, and files that are damaged or not what they claim to be."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import teach


def not_savable(kind: str) -> Exception:
    return teach(
        TypeError,
        f"save() cannot store a value of type {kind}.",
        why="a file holds tensors, numbers, strings, bytes, None, and lists, tuples and dicts of "
        "them; not objects, which could only be read back by running code.",
        fix="save model.state_dict() instead of the model; convert NumPy values with float(x) or "
        "autodiff.tensor(x).",
    )


def contains_itself() -> Exception:
    return teach(
        ValueError, "save() was given a container that contains itself, or is nested too deeply."
    )


def not_a_save_file(what: str) -> Exception:
    return teach(
        RuntimeError,
        f"load() cannot read this file: {what}.",
        why="it was not written by save(), or it was damaged or cut short on the way.",
    )


def pytorch_file() -> Exception:
    return teach(
        RuntimeError,
        "load() cannot read this file: it is a PyTorch file, which holds a pickle.",
        why="reading a pickle runs code from the file; load() never does that.",
        fix="in PyTorch, write the state dict with safetensors.torch.save_file(state, path), and "
        "read it here with autodiff.utils.safetensors.load_file(path).",
    )


def no_such_device(place: Any) -> Exception:
    return teach(
        RuntimeError,
        f"load() cannot put tensors on {place}: this build of autodiff computes on the CPU only.",
        fix='map_location="cpu"',
    )


def damaged_safetensors(what: str) -> Exception:
    return teach(
        RuntimeError,
        f"this is no sound safetensors file: {what}.",
        why="it has another format, or it was damaged or cut short on the way.",
    )


def not_tensors(name: Any, kind: str) -> Exception:
    return teach(
        TypeError,
        f"save_file() stores a dict from names to tensors, and {name!r} is a {kind}.",
        fix="pass model.state_dict(); autodiff.save() stores other values too.",
    )


def notes_are_strings(key: Any, note: Any) -> Exception:
    return teach(TypeError, f"metadata maps strings to strings, and got {key!r}: {note!r}.")
