"""Cases of the ops in `autodiff.ops.conv`."""

from __future__ import annotations

from autodiff.backends import reference
from autodiff.backends.window import Window
from autodiff.op import OPS
from tests.cases.case import Case

WINDOW = Window.of((2, 3), stride=(1, 2), padding=(0, 1))


CASES: list[Case] = [
    Case(
        "Convolution",
        lambda m, x, w, b: m.nn.functional.conv2d(x, w, b, stride=(1, 2), padding=(0, 1)),
        lambda x, w, b: reference.conv2d(x, w, b, WINDOW),
        ((2, 2, 3, 4), (3, 2, 2, 3), (3,)),
    ),
    Case(
        "Convolution",
        lambda m, x, w: m.nn.functional.conv2d(x, w, dilation=2, groups=2),
        lambda x, w: reference.conv2d(x, w, None, Window.of(2, dilation=2, groups=2)),
        ((1, 2, 4, 4), (4, 1, 2, 2)),
        note="groups",
    ),
    Case(
        "ConvolutionInput",
        lambda m, g, w: OPS["ConvolutionInput"].apply(g, w, shape=(2, 2, 3, 4), window=WINDOW),
        lambda g, w: reference.conv2d_input(g, w, (2, 2, 3, 4), WINDOW),
        ((2, 3, 2, 2), (3, 2, 2, 3)),
        torch=lambda m, g, w: m.nn.grad.conv2d_input((2, 2, 3, 4), w, g, (1, 2), (0, 1)),
    ),
    Case(
        "ConvolutionWeight",
        lambda m, g, x: OPS["ConvolutionWeight"].apply(g, x, shape=(3, 2, 2, 3), window=WINDOW),
        lambda g, x: reference.conv2d_weight(g, x, (3, 2, 2, 3), WINDOW),
        ((2, 3, 2, 2), (2, 2, 3, 4)),
        torch=lambda m, g, x: m.nn.grad.conv2d_weight(x, (3, 2, 2, 3), g, (1, 2), (0, 1)),
    ),
]
