"""The example in the docstring of each public function, with all tensors on the GPU."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import autodiff as ad

ELSEWHERE = ("backends", "compiler", "cuda", "device", "distributed", "serialization", "vision")
"""Parts of autodiff that are not about tensors on a device, or have tests of their own there."""

ABOUT_THE_HOST = {
    "autodiff.accelerator.is_available",
    "autodiff.autograd.graph.saved_tensors_hooks",  # to NumPy's arrays
    "autodiff.conversions.Conversions.numpy",
    "autodiff.described.Described.get_device",
    "autodiff.utils.dlpack.to_dlpack",  # not in the simulator
}


def examples() -> Iterator[Any]:
    for module in pkgutil.walk_packages(ad.__path__, "autodiff."):
        if not any(module.name.startswith(f"autodiff.{part}") for part in ELSEWHERE):
            for test in doctest.DocTestFinder().find(importlib.import_module(module.name)):
                if test.examples and test.name not in ABOUT_THE_HOST:
                    yield pytest.param(test, id=test.name)


FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class WithoutTheDevice(doctest.OutputChecker):
    """Compares what is printed, but for the device that a tensor names."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return super().check_output(want, got.replace(", device='cuda:0'", ""), optionflags)


@pytest.mark.usefixtures("on_cuda")
@pytest.mark.parametrize("test", list(examples()))
def test_example(test: doctest.DocTest) -> None:
    report: list[str] = []
    runner = doctest.DocTestRunner(WithoutTheDevice(), optionflags=FLAGS)
    assert not runner.run(test, out=report.append).failed, "".join(report)
