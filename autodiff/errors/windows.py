"""Mistakes with the windows of convolution and pooling."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


def conv_channels(x: Any, weight: Any, groups: int) -> Exception:
    return teach(
        RuntimeError,
        f"Given groups={groups}, weight of size {shown(weight)}, expected input"
        f"{shown(x)} to have {weight[1] * groups} channels, but got "
        f"{x[1] if len(x) == 4 else f'{len(x)} dimensions'}.",
        why="an image batch has shape (N, C, H, W), and each filter looks at all C channels.",
        fix="unsqueeze a missing channel dimension, or make the layer for the channels you have.",
        lesson="convolution",
    )


def window_too_large(name: str, x: Any, window: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: a window of {window.kernel} with padding {window.padding} does not fit into an "
        f"input of shape {shown(x)}.",
        why="the output would have no elements.",
        fix="use a smaller kernel, more padding, or fewer pooling layers before this one.",
        lesson="convolution",
    )


def dimensions(name: str, x: Any, wanted: tuple[int, int]) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: expected {wanted[0]}D or {wanted[1]}D input, but got {len(x)}D: {shown(x)}.",
        why="the dimensions are samples, which may be missing, channels, and places.",
        fix="flatten(0, 1) makes one dimension of two; unsqueeze adds one that is missing.",
        lesson="convolution",
    )


def border_dimensions(x: Any, numbers: int) -> Exception:
    return teach(
        NotImplementedError,
        f"Padding size {numbers} is not supported for {len(x)}D input of shape {shown(x)}.",
        why="a border that is not constant is for the last one, two or three dimensions, after "
        "those of channels and perhaps samples.",
        fix="flatten or unsqueeze to one or two dimensions before those that get a border.",
        lesson="convolution",
    )


def conv_groups(in_channels: int, out_channels: int, groups: int) -> Exception:
    return teach(
        ValueError,
        f"in_channels ({in_channels}) and out_channels ({out_channels}) must be divisible by "
        f"groups ({groups}).",
        why="each group of filters looks at its own equal share of the channels.",
        lesson="convolution",
    )


def padding_too_large(window: Any) -> Exception:
    return teach(
        RuntimeError,
        f"pad should be at most half of the kernel size, but got padding {window.padding} and "
        f"kernel_size {window.kernel}.",
        lesson="convolution",
    )
