"""Checks the loop over chunks: state carried on, graph cut, numbers instead of tensors."""

import autodiff as ad
from autodiff import nn
from autodiff.nn import functional as F
from lessons.checking import expect, fail, require


class Model(nn.Module):
    """A small recurrent net that notes the states it was given."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(3, 4)
        self.score = nn.Linear(4, 2)
        self.given = []

    def forward(self, inputs, h=None):
        self.given.append(h)
        states, h = self.rnn(inputs, h)
        return self.score(states), h


def first_losses(carry, steps):
    """What the losses are when the state is, or is not, carried on, and with or without steps."""
    model, optimizer, inputs, targets = start()
    losses, h = [], None
    for x, y in zip(inputs.split(5), targets.split(5), strict=True):
        scores, h = model(x, h if carry else None)
        loss = F.cross_entropy(scores, y)
        optimizer.zero_grad()
        loss.backward()
        if steps:
            optimizer.step()
        losses.append(loss.item())
        h = h.detach()
    return tuple(losses)


def start():
    ad.manual_seed(0)
    model = Model()
    inputs, targets = ad.randn(15, 3), ad.randint(0, 2, (15,))
    return model, ad.optim.SGD(model.parameters(), lr=0.5), inputs, targets


def check(work):
    model, optimizer, inputs, targets = start()
    try:
        losses = work.train(model, inputs, targets, 5, optimizer)
    except RuntimeError as error:
        if "second time" in str(error):
            fail(
                "the pass of the second chunk ran into the graph of the first",
                hint="Carry on h.detach(): the numbers of the state, without its graph.",
            )
        if "inplace" in str(error):
            fail(
                "the pass of the second chunk went back into the first, whose weights"
                " have changed since",
                hint="retain_graph=True is the wrong cure. Cut the graph: h = h.detach().",
            )
        raise
    require(
        len(losses) == 3,
        f"there are 3 chunks of 5, and {len(losses)} losses",
    )
    require(
        all(isinstance(loss, float) for loss in losses),
        "the losses are tensors, and each keeps the graph of its chunk alive",
        hint="loss.item() is the number.",
    )
    require(
        all(h is not None for h in model.given[1:]),
        "the second chunk began with no state, as if nothing had come before it",
        hint="Give the state after one chunk to the next.",
    )
    require(
        not any(h.requires_grad for h in model.given[1:]),
        "the state that was carried on still has its graph",
        hint="h = h.detach()",
    )
    expect(
        losses,
        list(first_losses(carry=True, steps=True)),
        "train(model, inputs, targets, 5, optimizer)",
        within=1e-4,
        wrong={
            first_losses(carry=True, steps=False): "No step was taken: call"
            " optimizer.step() after each backward().",
        },
        hint="For each chunk: zero_grad(), backward(), step(), in this order.",
    )
