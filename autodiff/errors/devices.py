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
        why="a GPU needs NVIDIA's driver, and numba-cuda to compile kernels.",
        fix="pip install 'autodiff-tutorial[cuda]' on a machine with a GPU, or use "
        'device = "cuda" if autodiff.cuda.is_available() else "cpu".',
    )


def no_cublas(error: Exception) -> Exception:
    return teach(
        RuntimeError,
        f"AUTODIFF_CUBLAS=1 asks for NVIDIA's cuBLAS, which could not be loaded: {error}.",
        fix="pip install 'autodiff-tutorial[cuda,cublas]', or unset AUTODIFF_CUBLAS: then this "
        "package's own kernels compute matrix products.",
    )


def no_such_device(index: int, count: int) -> Exception:
    return teach(
        RuntimeError,
        f"CUDA error: invalid device ordinal {index}: this machine has {count}.",
        fix="devices are numbered from 0; autodiff.cuda.device_count() says how many there are.",
    )


class OutOfMemoryError(RuntimeError):
    """The GPU has no memory left. What was computed so far is unharmed."""


def out_of_memory(nbytes: int, name: str, allocated: int, reserved: int) -> Exception:
    return teach(
        OutOfMemoryError,
        f"CUDA out of memory. Tried to allocate {nbytes / 2**20:.2f} MiB on {name}: "
        f"{allocated / 2**20:.2f} MiB are in use, {reserved / 2**20:.2f} MiB reserved.",
        fix="use smaller batches; delete graphs that are no longer needed (keep loss.item() "
        "instead of loss); compute without gradients under no_grad().",
    )


def too_large(shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"a tensor of shape {tuple(shape)} has more than 2147483647 elements, the most that a GPU "
        "kernel counts to.",
        fix="compute it in parts.",
    )


def different_devices(first: Any, second: Any) -> Exception:
    return teach(
        RuntimeError,
        "Expected all tensors to be on the same device, but found at least two devices, "
        f"{first} and {second}!",
        why="a kernel reaches the memory of its own device only, and nothing is copied silently.",
        fix='move one of them: x.to("cuda") or y.cpu().',
    )


def no_numpy(place: Any) -> Exception:
    return teach(
        TypeError,
        f"can't convert {place} device type tensor to numpy. "
        "Use Tensor.cpu() to copy the tensor to host memory first.",
    )


def position_out_of_range() -> Exception:
    return teach(
        IndexError,
        "a position was out of range in an indexing operation on the GPU, some time before this "
        "line.",
        why="the GPU works on its own and is only asked when a value is read.",
        fix="run the program on the CPU, where the line that fails is the one that is named.",
    )


class NotOnDeviceError(RuntimeError):
    """Something that kernels cannot do yet; ``what`` names it."""

    what = ""


def function_not_on_device(name: str) -> NotOnDeviceError:
    error = teach(
        NotOnDeviceError,
        f"{name} cannot be computed on the GPU yet.",
        fix='compute this step on the CPU: y = f(x.cpu()).to("cuda").',
    )
    error.what = name
    return error


def op_not_on_device(op: str, what: str) -> NotOnDeviceError:
    error = teach(
        NotOnDeviceError,
        f"the op {op} cannot be computed on the GPU yet: it needs {what}.",
        fix='compute this step on the CPU: y = f(x.cpu()).to("cuda").',
    )
    error.what = what
    return error


def matrix_too_large(name: str, shape: Any, most: int) -> Exception:
    return teach(
        RuntimeError,
        f"linalg.{name}: a matrix of shape {tuple(shape[-2:])} is too large for the GPU's kernels, "
        f"which go up to {most} rows or columns.",
        why="one block of threads works on each matrix, so a large one would take long and leave "
        "the rest of the GPU idle.",
        fix='compute this step on the CPU: y = f(x.cpu()).to("cuda").',
    )


def nothing_captured() -> Exception:
    return teach(
        RuntimeError,
        "this CUDAGraph holds no captured work to replay.",
        fix="capture a step first: with autodiff.cuda.graph(g): step().",
    )


def reading_while_capturing() -> Exception:
    return teach(
        RuntimeError,
        "a value was read while work was being captured: it has not been computed yet.",
        fix="read values after g.replay(), outside of the with block.",
    )
