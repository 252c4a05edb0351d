"""Tests of the GPU backend: they run in processes of their own, by the marker ``cuda``.

    NUMBA_ENABLE_CUDASIM=1 python -m pytest -m cuda tests/cuda     in numba.cuda's simulator
    python -m pytest -m cuda tests/cuda                            what is only compiled

Both need ``autodiff[cuda]`` and no GPU. With AUTODIFF_TEST_ON_GPU=1 everything runs on a GPU.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

import autodiff as ad

SIMULATED = os.environ.get("NUMBA_ENABLE_CUDASIM") == "1"
ON_GPU = os.environ.get("AUTODIFF_TEST_ON_GPU") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/cuda" not in item.path.as_posix():
            continue
        item.add_marker(pytest.mark.cuda)
        compiles = item.path.name == "test_compiled.py"
        if not ON_GPU and compiles == SIMULATED:
            item.add_marker(pytest.mark.skip(reason="belongs into the other process"))


@pytest.fixture
def on_cuda() -> Iterator[None]:
    """Everything is made on the GPU."""
    ad.set_default_device("cuda")
    yield
    ad.set_default_device(None)
