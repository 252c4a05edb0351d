"""What each heavy computation means, in plain loops: slow, obvious, the measure of the others."""

from __future__ import annotations

import numpy as np

from autodiff.backends.window import Window

__all__ = ["conv2d", "conv2d_input", "conv2d_weight", "max_pool2d"]


def _meetings(x_shape, weight_shape, window: Window):
    """Every (n, f, i, j) of the output with every (c, a, b) of the filter that it meets.

    Yields (n, f, i, j, c, a, b, row, column, channel): the output position, the filter position,
    and the input position under it.
    """
    n_images, _, height, width = x_shape
    filters, channels, kh, kw = weight_shape
    out_height, out_width = window.out_size((height, width))
    for n, f, i, j in np.ndindex(n_images, filters, out_height, out_width):
        first = (f // (filters // window.groups)) * channels
        for c, a, b in np.ndindex(channels, kh, kw):
            row = i * window.stride[0] + a * window.dilation[0] - window.padding[0]
            column = j * window.stride[1] + b * window.dilation[1] - window.padding[1]
            if 0 <= row < height and 0 <= column < width:
                yield n, f, i, j, c, a, b, row, column, first + c


def conv2d(x, weight, bias, window):
    out = np.zeros((x.shape[0], weight.shape[0], *window.out_size(x.shape[2:])), x.dtype)
    for n, f, i, j, c, a, b, row, column, channel in _meetings(x.shape, weight.shape, window):
        out[n, f, i, j] += x[n, channel, row, column] * weight[f, c, a, b]
    return out if bias is None else out + bias[:, None, None]


def conv2d_input(g, weight, shape, window):
    out = np.zeros(shape, g.dtype)
    for n, f, i, j, c, a, b, row, column, channel in _meetings(shape, weight.shape, window):
        out[n, channel, row, column] += g[n, f, i, j] * weight[f, c, a, b]
    return out


def conv2d_weight(g, x, shape, window):
    out = np.zeros(shape, g.dtype)
    for n, f, i, j, c, a, b, row, column, channel in _meetings(x.shape, shape, window):
        out[f, c, a, b] += g[n, f, i, j] * x[n, channel, row, column]
    return out


def max_pool2d(x, window):
    n_images, channels, height, width = x.shape
    out_shape = (n_images, channels, *window.out_size((height, width)))
    out = np.empty(out_shape, x.dtype)
    indices = np.empty(out_shape, np.int64)
    for n, c, i, j in np.ndindex(*out_shape):
        best, where = -np.inf, -1
        for a, b in np.ndindex(*window.kernel):
            row = i * window.stride[0] + a * window.dilation[0] - window.padding[0]
            column = j * window.stride[1] + b * window.dilation[1] - window.padding[1]
            if 0 <= row < height and 0 <= column < width:
                value = x[n, c, row, column]
                if where < 0 or value > best or value != value:
                    best, where = value, row * width + column
        out[n, c, i, j], indices[n, c, i, j] = best, where
    return out, indices
