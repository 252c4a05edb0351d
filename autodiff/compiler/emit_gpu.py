"""A program for a GPU as source: its loops are kernels, the rest are functions of device arrays."""

from __future__ import annotations

from typing import Any

from autodiff.arrays import placed
from autodiff.backends.cuda import driver
from autodiff.backends.cuda.operations import CudaArray
from autodiff.backends.cuda.reduce import threads_together
from autodiff.compiler.emit import Part, Writer
from autodiff.compiler.fuse import Group
from autodiff.compiler.kernels import element, kernel_loop
from autodiff.compiler.lines import Text
from autodiff.compiler.program import Program, Step, Value
from autodiff.device import device

__all__ = ["GpuWriter"]

MODULES = {
    "numpy": ("float32", "float64"),
    "autodiff.compiler.gpu": ("Gpu",),
    "autodiff.compiler.runtime": ("add_to_grad", "set_grad", "write"),
}
"""What programs use, and where it is."""


class GpuText(Text):
    """Lines on arrays of a device."""

    def __init__(self, place: device) -> None:
        super().__init__()
        self.place, self.gpu = place, driver.gpu(place.index or 0)

    def computes(self, step: Step) -> str:
        """A step that no line is known for is computed by what the device has for the op."""
        array = CudaArray.empty((0,), step.out.dtype, self.gpu)
        self.bound[step.kind] = array.implementation(step.op)
        return step.kind

    def source_of(self, draw: Any) -> str:
        owner = self.bind(draw.generator, "generator")
        return f"{owner}.drawing_on({self.bind(draw.place, 'place')})"


class GpuWriter(Writer):
    """Writes a program for a GPU."""

    modules = MODULES
    places_products = False

    def __init__(self, program: Program) -> None:
        self.threads = threads_together(driver.gpu(program.place.index or 0))
        super().__init__(program)

    def text_for(self, program: Program) -> Text:
        return GpuText(program.place)

    def opening(self) -> list[str]:
        return [f"gpu = Gpu({self.program.place.index or 0})\nempty = gpu.empty\n"]

    def element(self, step: Step, operands: list[str]) -> str | None:
        return element(step, operands)

    def alone(self, step: Step) -> bool:
        return False

    def rooms(self) -> list[Value]:
        return []  # what is freed is at hand in the device's pool of memory

    def constant(self, value: Value) -> Any:
        """Constants are copied to the device once, but for those that were on the host."""
        operands = {
            v
            for step in self.program.everything
            if isinstance(step, Step) and step.op is not None and step.op.broadcasts
            for v in step.args
            if isinstance(v, Value)
        }
        if value.on_host and value not in operands:
            return value.array
        return placed(value.array, self.program.place)

    def as_array(self, expression: str) -> str:
        return expression

    def copied(self, value: Value) -> str:
        return f"{value.name}.copy()"

    def loop(self, part: Part, group: Group) -> None:
        loop = kernel_loop(f"loop_{len(self.loops) + 1}", group, self.needed, self.threads)
        self.loops.append(loop)
        in_parts = loop.sums if loop.blocks > 1 else []
        for value in loop.results:
            if value in in_parts:
                part.add(f"{value.name}_parts = empty(({loop.blocks},), {value.dtype})")
            else:
                self.allocate(part, value)
        given = [v.name for v in loop.operands]
        given += [f"{v.name}_parts" if v in in_parts else v.name for v in loop.results]
        made = ", ".join(v.name for v in loop.results)
        part.add(f"{loop.name}({', '.join(given)})", f"computes {made}")
        for value in in_parts:
            shape = f".reshape({self.text.of(value.shape)})" if value.shape else ""
            part.add(f"{value.name} = {value.name}_parts.sum(){shape}")
