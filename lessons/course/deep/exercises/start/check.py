"""Checks `start`: the deviation of the weights, and what a signal does in twenty layers."""

import autodiff as ad
from autodiff import nn
from lessons.checking import fail, require


def check(work):
    ad.manual_seed(0)
    layer = nn.Linear(400, 100)
    before = layer.weight.detach().clone()
    try:
        work.start(layer.weight)
    except RuntimeError as error:
        if "leaf" in str(error):
            fail(
                "a leaf that requires grad was changed in place, which is refused",
                hint="Do it under `with ad.no_grad():`, so that it is not recorded.",
            )
        raise
    weight = layer.weight.detach()
    require(
        not ad.equal(before, weight),
        "the weights are what they were",
        hint="Fill `weight` in place: weight.normal_(mean, deviation).",
    )
    require(
        layer.weight.is_leaf and layer.weight.requires_grad,
        "the weight is no longer a leaf that is learned",
        hint="Do it under `with ad.no_grad():`.",
    )
    found, wanted = weight.std().item(), (2 / 400) ** 0.5
    told = f"the deviation of a weight of 100 x 400 is {found:.4f}, expected {wanted:.4f}."
    mistakes = {
        2
        / 400: "2/n is the variance. normal_ takes the standard deviation: its root.",
        (1 / 400)
        ** 0.5: "That is Xavier's. A ReLU throws away half, so 2/n, not 1/n.",
        (2 / 1200)
        ** 0.5: "Uniform numbers up to that size have a smaller deviation. Draw normal ones.",
        (2 / 100) ** 0.5: "n is the number of *inputs*, weight.shape[1].",
        (2 / 40_000)
        ** 0.5: "n is the number of inputs of one unit, not of all weights.",
    }
    for mistake, hint in mistakes.items():
        if abs(found - mistake) < 0.05 * mistake:
            fail(told, hint)
    require(abs(found - wanted) < 0.05 * wanted, told)
    require(
        abs(weight.mean().item()) < 0.1 * wanted,
        f"the mean of the weights is {weight.mean().item():.4f}, expected about 0",
    )
    signal = ad.randn(64, 200)
    first = signal.relu().norm().item()
    for _ in range(20):
        hidden = nn.Linear(200, 200, bias=False)
        work.start(hidden.weight)
        signal = hidden(signal.relu()).detach()
    ratio = signal.relu().norm().item() / first
    require(
        0.1 < ratio < 10,
        f"after twenty layers the signal is {ratio:.2g} times what it was",
    )
