"""Checks the loop on a GPU: a simulated one, so that this check runs anywhere."""

import os

os.environ["NUMBA_ENABLE_CUDASIM"] = (
    "1"  # before anything asks for a device
)

import autodiff as ad
from autodiff import nn
from lessons.checking import expect, fail, require


def build():
    ad.manual_seed(0)
    return nn.Linear(2, 1)


def check(work):
    ad.manual_seed(1)
    batches = [(ad.randn(3, 2), ad.randn(3, 1)) for _ in range(3)]
    on_cpu = build()
    found = work.train(on_cpu, batches, "cpu")
    require(
        isinstance(found, list) and len(found) == 3,
        "train should give a list of 3 losses",
    )
    require(
        all(isinstance(loss, float) for loss in found),
        "the losses are tensors, each with its graph",
        hint="loss.item() is the number.",
    )
    wanted = losses_of(batches, step=True, clear=True)
    expect(
        found,
        wanted,
        "the losses on the CPU",
        within=1e-4,
        wrong={
            losses_of(
                batches, step=True, clear=False
            ): "The old gradients are"
            " still there: optimizer.zero_grad() before each backward().",
            losses_of(
                batches, step=False, clear=True
            ): "Nothing is learned: is optimizer.step() missing?",
        },
    )
    model = build()
    try:
        losses = work.train(model, batches, "cuda")
    except RuntimeError as error:
        if "same device" not in str(error):
            raise
        fail(
            f"on a GPU: {str(error).splitlines()[0]}",
            hint="The model and each batch must be on `device`. x.to(device) returns the moved"
            " tensor: keep it.",
        )
    require(
        next(model.parameters()).device.type == "cuda",
        "the model is still on the CPU after train(model, batches, 'cuda')",
        hint="model.to(device) moves its parameters.",
    )
    expect(
        losses,
        wanted,
        "the losses on the GPU, beside those on the CPU,",
        within=1e-4,
    )
    expect(
        model.weight.cpu().detach(),
        on_cpu.weight.detach(),
        "model.weight after training on the GPU, beside the CPU's,",
        within=1e-4,
    )


def losses_of(batches, step, clear):
    """The losses of a training on the CPU, with and without two of its parts."""
    model = build()
    optimizer = ad.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for x, y in batches:
        if clear:
            optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        if step:
            optimizer.step()
        losses.append(loss.item())
    return tuple(losses)
