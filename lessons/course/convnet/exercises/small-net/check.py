"""Checks the parts of the net, its size, what it gives, and that all of it gets a gradient."""

import autodiff as ad
from autodiff import nn
from lessons.checking import fail, require


def check(work):
    ad.manual_seed(0)
    net = built(work)
    for kind, why in {
        nn.Conv2d: "They look for patterns, and patterns of patterns.",
        nn.ReLU: "A relu keeps the answers that fit the pattern, and drops the others.",
        nn.MaxPool2d: "Each one halves the picture.",
    }.items():
        count = sum(isinstance(module, kind) for module in net.modules())
        require(
            count == 2,
            f"The net has {count} {kind.__name__}, not 2.",
            hint=why,
        )

    learned = sum(p.numel() for p in net.parameters())
    require(
        learned <= 4000,
        f"The net learns {learned} numbers, more than 4000.",
        hint="Use fewer channels, and no second Linear layer.",
    )
    pictures = ad.rand(5, 1, 12, 12)
    out = scores(net, pictures)
    require(
        tuple(out.shape) == (5, 10),
        f"Five pictures give the shape {tuple(out.shape)}, not (5, 10).",
        hint="nn.Flatten() before the Linear layer makes one row of each picture.",
    )
    sums = out.sum(1)
    require(
        not ad.allclose(sums, ad.ones(5), atol=1e-4),
        "The ten numbers of each picture add up to 1: there is a softmax at the end.",
        hint="CrossEntropyLoss wants scores and takes the softmax itself. Leave yours out.",
    )
    nn.functional.cross_entropy(out, ad.arange(5)).backward()
    missing = [name for name, p in net.named_parameters() if p.grad is None]
    require(
        not missing,
        f"These parameters got no gradient: {', '.join(missing)}.",
    )


def built(work):
    try:
        net = work.small_net()
    except TypeError as error:
        fail(
            f"The net cannot be built: {error}",
            hint="Replace the dots `...` by layers.",
        )
    require(isinstance(net, nn.Module), "small_net is to return a module.")
    return net


def scores(net, pictures):
    try:
        return net(pictures)
    except (RuntimeError, ValueError) as error:
        fail(
            f"Pictures of 12 x 12 do not go through: {str(error).splitlines()[0]}",
            hint="A convolution takes as many channels as the one before it gives."
            if "channels" in str(error)
            else "Follow the sides: 12, halved by each pooling. The Linear layer takes channels "
            "times rows times columns of what is left. Where is the picture flattened?",
        )
