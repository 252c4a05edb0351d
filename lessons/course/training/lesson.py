"""The training loop on handwritten digits: a script, or play it with `autodiff learn training`."""

from lessons import predict

# %% [markdown]
# Now everything together: real images, a model, a loss, an optimizer, and the loop. The images are
# scans of handwritten digits, 8 x 8 pixels each, and they come with this package.
#
# **Before you go on:** there are equally many of each of the ten digits, about. What share of them
# does a model get right that guesses blindly?

# %%
import autodiff as ad
import viz
from autodiff import nn
from autodiff.utils.data import DataLoader, TensorDataset
from autodiff.vision.datasets import Digits


def digits(train):
    """Images as rows of 64 numbers from 0 to 1, and their labels."""
    scans = Digits(train=train)
    return TensorDataset(scans.data.flatten(1), scans.targets)


train, held_out = digits(train=True), digits(train=False)
image, label = train[0]
print(len(train), "to learn from, and", len(held_out), "held out")
for row in image.view(8, 8).tolist():
    print("  ", " ".join(" .:-=+*#%@"[round(9 * v)] * 2 for v in row))
print("this is a", label.item())

# %% [predict]
predict.number(
    1 / len(Digits.classes),
    wrong={
        0.5: "There are ten possible answers, not two.",
        10.0: "As a share of 1, please: 10 percent are 0.1.",
    },
    because="One of ten. It is the number to compare with, always.",
)

# %% [markdown]
# The images held out are for judging, for *validation*: the model never learns from them, so they
# tell how well it does on what it has *not* seen. The others are dealt out by a `DataLoader`.
#
# The model gives ten scores. Look at the loss before any training: a first check that all is well.
#
# **Before you go on:** to an untrained model all ten classes are about equally likely. What is its
# loss, -log(1/10), roughly: 0.1, 1, 2.3 or 10?

# %%
ad.manual_seed(0)
loader = DataLoader(train, batch_size=50, shuffle=True)
x, y = next(iter(loader))
print("a batch:", list(x.shape), list(y.shape), " batches:", len(loader))

model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
criterion = nn.CrossEntropyLoss()
loss = criterion(model(x), y)
print("loss", round(loss.item(), 3))
print()
print(viz.graph(loss, depth=0))

# %% [predict]
predict.number(
    loss,
    within=0.1,
    wrong={
        0.1: "0.1 is the probability. The loss is minus its logarithm.",
        1.0: "The logarithm is the natural one: -log(1/10) = log(10).",
        10.0: "The loss is the *logarithm* of that.",
    },
    because="log(10) is 2.3. A first loss far from it means that something "
    "is wrong before training has begun.",
)

# %% [markdown]
# One round over the data is an *epoch*. Each batch: forget, compute, differentiate, step. After each
# epoch we measure on the images held out: `eval()` for layers that behave differently in training,
# `no_grad()` because no gradient is needed.
#
# **Before you go on:** what share of the images held out will it get right after eight epochs?


# %%
def accuracy(model):
    model.eval()
    with ad.no_grad():
        x, y = held_out[:]
        right = (model(x).argmax(dim=1) == y).float().mean().item()
    model.train()
    return right


optimizer = ad.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
print("before:", round(accuracy(model), 3))
for epoch in range(8):
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    mean = total / len(loader)
    print(
        f"epoch {epoch + 1}  loss {mean:.3f}  right {accuracy(model):.3f}"
    )

# %% [predict]
predict.number(
    accuracy(model),
    within=0.03,
    wrong={
        1.0: "Some digits are written so that people differ, too.",
        0.1: "That was before training.",
    },
    because="Two small layers are enough for most of them. (Any share near "
    "it counts as right here.)",
)

# %% [markdown]
# `eval()` and `no_grad()` are often taken for one thing. They are two: `eval()` tells *layers* to
# behave as in use, `no_grad()` tells the *engine* not to record.
#
# Here the model gets a dropout in front, which in training puts out half of the pixels at random.
#
# **Before you go on:** after `eval()`, will `backward()` still fill the gradients?

# %%
noisy = nn.Sequential(nn.Dropout(0.5), model)
x, y = held_out[:]
for mode in ("train", "eval"):
    noisy.train(mode == "train")
    right = [(noisy(x).argmax(1) == y).float().mean() for _ in range(3)]
    print(
        f"{mode:5} mode, three times:", [f"{share:.3f}" for share in right]
    )

noisy.zero_grad()
criterion(noisy(x), y).backward()
filled = model[0].weight.grad is not None
print("gradients after eval():", filled)
noisy.train()

# %% [predict]
predict.choice(
    "yes" if filled else "no",
    options=("yes", "no"),
    wrong={
        "no": "eval() changes what dropout and batch norm do, and nothing "
        "else. It is no_grad() that stops recording."
    },
    because="Modes are for layers, no_grad is for the engine. To judge a "
    "model you want both.",
)

# %% [markdown]
# Back to the loop. Which line is forgotten most often? `zero_grad()`. Leaves *add up* what each
# backward pass brings; that goes for parameters across batches just as for a value used twice.
#
# **Before you go on:** one and the same batch, two passes, no `zero_grad()`. How many times as large
# is the gradient then?

# %%
(x1, y1), (x2, y2) = list(loader)[:2]
weight = model[0].weight
model.zero_grad()
criterion(model(x1), y1).backward()
once = weight.grad.norm().item()
criterion(model(x1), y1).backward()
twice = weight.grad.norm().item()
print(f"after one pass {once:.5f}, after two {twice:.5f}")
print(viz.why(weight))

# %% [predict]
predict.number(
    twice / once,
    wrong={
        1.0: "A new pass does not replace what is in `.grad`; it adds.",
        0.5: "Nothing is averaged: it adds.",
        4.0: "It adds; it does not multiply.",
    },
    because="The same gradient came twice, and a leaf keeps the sum until "
    "you clear it. (What lies between starts anew in each pass.)",
)

# %% [markdown]
# If gradients must be cleared before each backward pass, can gradients of several iterations never be
# combined? They can. What must be cleared is the gradient of the last *step*. Do several passes before
# a step, and their gradients add up. So a batch too large for memory can be taken in parts.
#
# **Before you go on:** each part's loss is a mean over its own 50 images. By what must it be divided,
# to get the gradient of the mean over all 100?

# %%
model.zero_grad()
for part_x, part_y in ((x1, y1), (x2, y2)):
    (criterion(model(part_x), part_y) / 2).backward()
added = weight.grad.clone()

model.zero_grad()
whole_x, whole_y = ad.cat([x1, x2]), ad.cat([y1, y2])
criterion(model(whole_x), whole_y).backward()
print("in two parts:", added[1, 26:30])
print("in one:      ", weight.grad[1, 26:30])
print("largest difference:", (added - weight.grad).abs().max().item())

# %% [predict]
predict.number(
    2,
    wrong={
        1.0: "Then you get the sum of two means, twice what you want.",
        50.0: "Each loss is divided by its 50 already: it is a mean.",
        100.0: "Each loss is a mean already. Only the two means are left.",
    },
    because="The mean over all is the mean of the two means, if the parts "
    "are equally large.",
)

# %% [markdown]
# Your turn: a loop that takes one step for every few batches.

# %% [exercise] accumulate

# %% [markdown]
# Look once more at `total += loss.item()`. Adding the *tensor* works too. But a tensor remembers how
# it was computed, and so does a sum of tensors. Below, weak references tell which graphs are still
# there: they look without keeping anything alive.
#
# **Before you go on:** four epochs of 29 batches, and `total = total + loss`. How many graphs will be
# alive at the end?

# %%
import warnings
import weakref


def alive_after_training(of):
    total, graphs = 0.0, []
    for _ in range(4):
        for x, y in loader:
            model.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            graphs.append(weakref.ref(loss.grad_fn))
            total = total + of(loss)
    return sum(graph() is not None for graph in graphs)


with warnings.catch_warnings(record=True, action="always") as notes:
    alive = alive_after_training(of=lambda loss: loss)
print("total + loss:       ", alive)
print(
    "total + loss.item():",
    alive_after_training(of=lambda loss: loss.item()),
)
print(notes[0].message)

# %% [predict]
predict.number(
    alive,
    wrong={
        0.0: "`backward()` frees what the nodes saved, but the nodes stay as "
        "long as something refers to them, and `total` does.",
        1.0: "Only the last one would be left if nothing referred to the "
        "others. But `total` refers to all of them.",
        29.0: "That is one epoch. There are four.",
    },
    because="The sum's graph refers to every loss. With item() one is left, "
    "that of the last `loss`, which still has its name.",
)

# %% [markdown]
# When to stop? Below a larger model learns from 100 images only. Its loss goes to almost nothing. Is
# that good? The images held out tell: it has learned these images by heart.
#
# **Before you go on:** its loss falls all the time. What will the loss on the images held out do?

# %%
ad.manual_seed(1)
few_x, few_y = train[:100]
large = nn.Sequential(nn.Linear(64, 200), nn.ReLU(), nn.Linear(200, 10))
adam = ad.optim.Adam(large.parameters(), lr=0.01)
held_x, held_y = held_out[:]
held = []
for epoch in range(301):
    adam.zero_grad()
    loss = criterion(large(few_x), few_y)
    loss.backward()
    adam.step()
    with ad.no_grad():
        held.append(criterion(large(held_x), held_y).item())
    if epoch in (0, 10, 20, 40, 100, 300):
        print(f"{epoch:3}  loss {loss.item():.4f}  held out {held[-1]:.3f}")
print("lowest at epoch", held.index(min(held)))

# %% [predict]
predict.choice(
    "it rises again" if held[-1] > 1.05 * min(held) else "it falls as well",
    options=("it falls as well", "it rises again"),
    wrong={
        "it falls as well": "What it learns last are the quirks of its 100 images, and "
        "those do not help with others."
    },
    because="That is overfitting. Keep the model of the epoch where the "
    "validation was best; more data helps even more.",
)

# %% [markdown]
# Keep what was learned: the state of the model and, to go on later, that of the optimizer.

# %%
import tempfile
from pathlib import Path

path = Path(tempfile.mkdtemp()) / "digits.pt"
state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
ad.save(state, path)
again = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
again.load_state_dict(ad.load(path)["model"])
x, y = held_out[:]
same = (again(x).argmax(dim=1) == model(x).argmax(dim=1)).all().item()
print("the same answers:", same)
print("right:", round(accuracy(again), 3))

# %% [markdown]
# **What you take along**
#
# - Look at the loss before training: for ten classes it should be near 2.3.
# - Judge on data that the model never learned from, with `eval()` and
#   `no_grad()`.
# - Gradients of several batches may be combined: clear once for each *step*.
# - Add up `loss.item()`, not `loss`. Stop where the validation is best.
#
# The model saw rows of 64 numbers. It did not know which pixels are neighbours.
