"""Freezing and fine-tuning: a script, or play it with `autodiff learn freezing`."""

from lessons import predict

# %% [markdown]
# A trained model knows things that are useful elsewhere. **Fine-tuning** takes it, keeps most of it,
# and teaches the rest something new with few examples. This lesson does that, and shows what
# "keeping" means for the graph, for the optimizer, and for the layers that are not learned at all.
#
# First the model: a *body*, which turns an image of a digit into 16 numbers, and a *head*, which
# turns those into ten scores.

# %%
import autodiff as ad
import viz
from autodiff import nn
from autodiff.nn import functional as F
from autodiff.vision.datasets import Digits

scans, held_out = Digits(train=True), Digits(train=False)
images, digits = scans.data.reshape(-1, 64), scans.targets
unseen, truth = held_out.data.reshape(-1, 64), held_out.targets


def new_body():
    first, second = nn.Linear(64, 32), nn.Linear(32, 16)
    return nn.Sequential(first, nn.ReLU(), second, nn.ReLU())


def train(model, x, y, steps, lr=0.1):
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizer = ad.optim.SGD(learned, lr=lr, momentum=0.9)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def accuracy(model, y):
    with ad.no_grad():
        return (model(unseen).argmax(1) == y).float().mean().item()


ad.manual_seed(0)
body = new_body()
reader = nn.Sequential(body, nn.Linear(16, 10))
train(reader, images, digits, steps=150, lr=0.2)
print(f"reads {accuracy(reader, truth):.1%} of the digits it never saw")

# %% [markdown]
# The new task: is the digit odd? Put a new head on the trained body, and **freeze** the body:
# `requires_grad_(False)` on a module reaches all its parameters. The optimizer gets what is left.
#
# **Before you go on:** the new head is a `Linear(16, 2)`. How many numbers will be learned?

# %%
body.requires_grad_(False)
model = nn.Sequential(body, nn.Linear(16, 2))
learned = [p for p in model.parameters() if p.requires_grad]
print(nn.utils.summary(model, (1, 64)))
print("to be learned:", sum(p.numel() for p in learned))

# %% [predict]
predict.number(
    sum(p.numel() for p in learned),
    wrong={
        32: "Those are the weights, 16 for each of the two scores. And the bias?",
        2642: "That is the whole model. The body's numbers do not ask any more.",
        2608: "That is the frozen body.",
    },
    because="16 * 2 weights and 2 biases: everything else is frozen.",
)

# %% [markdown]
# Does it pay? Only 20 labelled images, three times: a net that starts from nothing, and a new head on
# a trained, frozen body.
#
# **Before you go on:** the first has 2,642 numbers to fit to the 20 images, the second 34. Which one
# is right more often on images it never saw?

# %%
few, odd = images[:20], digits[:20] % 2
for seed in range(3):
    ad.manual_seed(seed)
    trained = new_body()
    full = nn.Sequential(trained, nn.Linear(16, 10))
    train(full, images, digits, steps=150, lr=0.2)
    trained.requires_grad_(False)
    frozen = nn.Sequential(trained, nn.Linear(16, 2))
    scratch = nn.Sequential(new_body(), nn.Linear(16, 2))
    train(frozen, few, odd, steps=100)
    train(scratch, few, odd, steps=100)
    print(
        f"from scratch {accuracy(scratch, truth % 2):.1%}   "
        f"frozen body {accuracy(frozen, truth % 2):.1%}"
    )

# %% [predict]
predict.choice(
    "frozen body"
    if accuracy(frozen, truth % 2) > accuracy(scratch, truth % 2)
    else "from scratch",
    options=("from scratch", "frozen body"),
    wrong={
        "from scratch": "More numbers can fit the 20 images in more ways, most"
        " of which are wrong elsewhere."
    },
    because="The body learned from 1,437 images what strokes look like; only"
    " what they mean is new.",
)

# %% [markdown]
# Freezing is also cheaper. An operation is recorded only if something below it asks for a gradient, and
# below the body's first layer nothing does. So the graph *begins* at the head.
#
# **Before you go on:** how often does the graph below have a `relu` in it? The body has two.

# %%
loss = F.cross_entropy(model(few), odd)
parameters = dict(model.named_parameters())
print(viz.grad_fn(loss, params=parameters))

# %% [predict]
picture = str(viz.grad_fn(loss, params=parameters)).lower()
predict.number(
    picture.count("relu"),
    wrong={
        2: "They were computed, but nothing below them asks for a gradient, so"
        " nothing was recorded.",
    },
    because="What comes out of the frozen body is plain data, like the images.",
)

# %% [markdown]
# The other way round, with only the *head* frozen, the pass must go through it to reach the body:
# freezing does not cut the way. Count the steps of the backward pass in the three cases.
#
# **Before you go on:** the head has two parameters. How many steps shorter is the pass with the head
# frozen than with nothing frozen?

# %%
head = model[1]
for name, part in {
    "nothing": None,
    "the head": head,
    "the body": body,
}.items():
    model.requires_grad_(True)
    if part is not None:
        part.requires_grad_(False)
    model.zero_grad()
    loss = F.cross_entropy(model(few), odd)
    steps = len(viz.backward(loss))
    loss.backward()
    arrived = [p.grad is not None for p in model.parameters()]
    print(
        f"{name:8} frozen: {steps:2} steps, {sum(arrived)} gradients of 6"
    )

# %% [predict]
counts = []
for asks in (True, False):
    head.requires_grad_(asks)
    body.requires_grad_(True)
    counts.append(len(viz.backward(F.cross_entropy(model(few), odd))))
head.requires_grad_(True)
body.requires_grad_(False)
predict.number(
    counts[0] - counts[1],
    wrong={0: "Two gradients are not collected: those two steps are gone."},
    because="The steps that would write weight.grad and bias.grad are gone, and"
    " no other: the pass goes through the frozen layer.",
)

# %% [markdown]
# Three things are often taken for freezing, and are not: `eval()` changes what dropout and batch norm do,
# `no_grad()` records nothing at all, and leaving a parameter out of the optimizer keeps it from moving,
# while its gradient is still computed.
#
# **Before you go on:** below, the body is not frozen, only put into `eval()`. Does a step of training
# change its weights?


# %%
def moved(model, prepare):
    """Whether the body's weights change in one step of training."""
    model.requires_grad_(True).train()
    prepare()
    before = body[0].weight.clone()
    train(model, few, odd, steps=1)
    changed = not ad.equal(before, body[0].weight)
    with ad.no_grad():
        body[0].weight.copy_(before)
    return changed


print("nothing at all       ", moved(model, lambda: None))
print("body.eval()          ", moved(model, body.eval))
print(
    "requires_grad_(False)",
    moved(model, lambda: body.requires_grad_(False)),
)

# %% [predict]
predict.choice(
    "yes" if moved(model, body.eval) else "no",
    options=("yes", "no"),
    wrong={
        "no": "eval() is about what layers do, not about what is learned."
        " Gradients are recorded and collected as before."
    },
    because="Only requires_grad_(False) keeps a parameter from collecting.",
)

# %% [markdown]
# A trap: freezing keeps *new* gradients away. What is already in `.grad` stays there, and an optimizer
# that knows the parameter uses it.
#
# **Before you go on:** below, the optimizer has all parameters. A backward pass runs, *then* the body is
# frozen, and then the optimizer takes its step. Does the body move?

# %%
model.requires_grad_(True)
optimizer = ad.optim.SGD(model.parameters(), lr=0.1)
F.cross_entropy(model(few), odd).backward()
body.requires_grad_(False)
weight = body[0].weight
before = weight.clone()
optimizer.step()
late = (weight - before).abs().max().item()
print("moves, with the old gradient there:", late > 0)
optimizer.zero_grad()
before = weight.clone()
F.cross_entropy(model(few), odd).backward()
optimizer.step()
print("moves, after zero_grad():          ", not ad.equal(weight, before))

# %% [predict]
predict.choice(
    "yes" if late > 0 else "no",
    options=("yes", "no"),
    wrong={
        "no": "The optimizer does not ask who is frozen. It looks at .grad, and"
        " the old gradient is still in it."
    },
    because="Clear the gradients when you freeze, or give the optimizer only"
    " what is to be learned.",
)

# %% [markdown]
# And a riddle: batch norm does not learn its running averages by gradients. So freezing does not stop
# them; they go on changing as long as the layer is in train mode.
#
# **Before you go on:** the whole body below is frozen. After one step, which has changed: the `weight` of
# its first layer, the `running_mean` of its batch norm, or both?

# %%
normed = nn.Sequential(nn.Linear(64, 16), nn.BatchNorm1d(16), nn.ReLU())
normed.requires_grad_(False)
model = nn.Sequential(normed, nn.Linear(16, 2))
weight = normed[0].weight.clone()
running = normed[1].running_mean.clone()
train(model, few, odd, steps=1)
changed = {
    "weight": not ad.equal(weight, normed[0].weight),
    "running_mean": not ad.equal(running, normed[1].running_mean),
}
print("changed:", changed)
normed.eval()
running = normed[1].running_mean.clone()
train(model, few, odd, steps=1)
print("in eval mode:", not ad.equal(running, normed[1].running_mean))

# %% [predict]
predict.choice(
    " and ".join(name for name, value in changed.items() if value),
    options=("weight", "running_mean", "weight and running_mean"),
    wrong={
        "weight": "It is frozen: no gradient, no step. The running mean needs"
        " no gradient to move.",
        "weight and running_mean": "The weight is frozen, and stays.",
    },
    because="A buffer is moved by the forward pass. To keep it, put the frozen"
    " part into eval mode, each time after model.train().",
)

# %% [markdown]
# Later one *thaws* the body and lets it learn too, slowly, so that it does not forget what it knows.
# An optimizer takes **groups** of parameters, each with a rate of its own.
#
# **Before you go on:** in the first step of plain SGD each parameter moves by rate times gradient.
# What is movement divided by gradient in the body, whose rate is 0.001?

# %%
model = nn.Sequential(body, nn.Linear(16, 2))
body.requires_grad_(True)
groups = [
    {"params": body.parameters(), "lr": 0.001},
    {"params": model[1].parameters()},
]
optimizer = ad.optim.SGD(groups, lr=0.1)
optimizer.zero_grad()
F.cross_entropy(model(few), odd).backward()
layers = (body[0], model[1])
before = [layer.bias.clone() for layer in layers]
optimizer.step()
ratios = [
    ((old - layer.bias).norm() / layer.bias.grad.norm()).item()
    for layer, old in zip(layers, before, strict=True)
]
print("body", round(ratios[0], 5), "  head", round(ratios[1], 5))

# %% [predict]
predict.number(
    round(ratios[0], 4),
    wrong={0.1: "That is the default, for groups which say nothing else."},
    because="The body's group has a rate of its own: a hundredth of the head's.",
)

# %% [markdown]
# Now write the function that people keep rewriting: freeze everything except some parts, gradients and
# running averages included.

# %% [exercise] freeze

# %% [markdown]
# **What you take along**
#
# - `requires_grad_(False)` freezes; gradients still pass *through* what is frozen.
# - Clear old gradients when you freeze: an optimizer looks at `.grad` only.
# - Frozen batch norms need `eval()` as well, after every `model.train()`.
