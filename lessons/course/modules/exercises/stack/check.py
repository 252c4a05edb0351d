"""Checks Stack: what it registers, what it computes, and that all of it learns."""

import autodiff as ad
from autodiff import nn
from lessons.checking import expect, require


def check(work):
    ad.manual_seed(0)
    model = work.Stack([2, 4, 4, 1])
    parameters = list(model.parameters())
    require(
        parameters,
        "The module finds no parameters.",
        hint="Layers in an ordinary list are not registered. Keep them in an nn.ModuleList, or "
        "give each an attribute of its own.",
    )
    expect(
        sum(p.numel() for p in parameters),
        37,
        "the count of numbers that Stack([2, 4, 4, 1]) learns",
        wrong={
            32: "One layer is missing. Four sizes make three layers: 2 to 4, 4 to 4, 4 to 1.",
            28: "The biases are missing.",
            48: "Each layer leads from one size to the *next*: 2 to 4, 4 to 4, 4 to 1.",
        },
    )
    x = ad.randn(5, 2)
    try:
        out = model(x)
    except NotImplementedError:
        require(
            False,
            "forward is not written yet.",
            hint="run x through the layers in a row.",
        )
    require(
        tuple(out.shape) == (5, 1),
        f"5 rows of 2 gave the shape {tuple(out.shape)}, not (5, 1).",
    )

    layers = [
        module
        for module in model.modules()
        if isinstance(module, nn.Linear)
    ]
    hidden = layers[1](layers[0](x).tanh()).tanh()
    plain = layers[2](layers[1](layers[0](x)))
    relu = layers[2](layers[1](layers[0](x).relu()).relu())
    expect(
        out,
        layers[2](hidden),
        "the output for 5 random rows",
        wrong={
            tuple(
                layers[2](hidden).tanh().flatten().tolist()
            ): "There is a tanh after the last "
            "layer too. It would keep every output between -1 and 1.",
            tuple(
                relu.flatten().tolist()
            ): "That is a relu between the layers. The task asks for tanh.",
            tuple(
                plain.flatten().tolist()
            ): "There is no tanh at all. Without one, three layers "
            "are no more than one: a line of a line is a line.",
        },
        within=1e-5,
    )
    out.sum().backward()
    missing = [
        name for name, p in model.named_parameters() if p.grad is None
    ]
    require(not missing, f"These got no gradient: {', '.join(missing)}.")
