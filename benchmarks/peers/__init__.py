"""Who is timed: this project, and its peers. `work_of` gives a peer's version of a work."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable

from growth import GROWTH
from works import OPS, SCALARS, TRAINING, Work

__all__ = ["OURS", "PEERS", "installed", "work_of"]

OURS = ("autodiff", "autodiff compiled")

PEERS = {
    "autodiff": "autodiff",
    "autodiff compiled": "autodiff",
    "PyTorch": "torch",
    "torch.compile": "torch",
    "JAX jit": "jax",
    "tinygrad jit": "tinygrad",
    "HIPS autograd": "autograd",
    "micrograd": "micrograd",
}
"""The name of each in tables, and the package it needs."""

SAME_API = {"autodiff": "autodiff", "PyTorch": "torch"}
MODULES = {
    "autodiff compiled": "peers.ours_compiled",
    "torch.compile": "peers.torch_compiled",
    "JAX jit": "peers.with_jax",
    "tinygrad jit": "peers.with_tinygrad",
    "HIPS autograd": "peers.with_autograd",
}


def installed(peer: str) -> bool:
    """Whether the package that a peer needs can be imported here."""
    return importlib.util.find_spec(PEERS[peer]) is not None


def work_of(peer: str, name: str) -> Callable[[], Work] | None:
    """What sets up a work for a peer, or None where the peer has no version of it."""
    if name in SCALARS and peer in ("autodiff", "micrograd"):
        package = "autodiff" if peer == "autodiff" else "micrograd.engine"
        return lambda: SCALARS[name](importlib.import_module(package))
    if peer in SAME_API:
        every = TRAINING | OPS | GROWTH
        if name not in every:
            return None
        return lambda: every[name](importlib.import_module(SAME_API[peer]))
    if peer not in MODULES:
        return None
    return importlib.import_module(MODULES[peer]).WORKS.get(name)
