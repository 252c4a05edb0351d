"""Dropout and batch norm: a script, or play it with `autodiff learn regular`."""

from lessons import predict

# %% [markdown]
# Some layers behave differently while a model learns and while it is used. Two of them are in almost
# every network, and both are a frequent source of riddles.
#
# **Dropout** makes a model less sure of itself: in training it sets each number to 0 with probability
# p, so that no unit can rely on another. What is left is scaled up by 1 / (1 - p).
#
# **Before you go on:** eight ones go through dropout with p = 0.5. What is each one that survives?

# %%
import autodiff as ad
import viz
from autodiff import nn

ad.manual_seed(1)
dropout = nn.Dropout(p=0.5)
print("train:", dropout(ad.ones(8)).tolist())
print("again:", dropout(ad.ones(8)).tolist())
dropout.eval()
print("eval: ", dropout(ad.ones(8)).tolist())

# %% [predict]
predict.number(
    nn.functional.dropout(ad.ones(100), dropout.p).max(),
    wrong={
        1.0: "That is what eval mode gives. In training the survivors are scaled up.",
        0.5: "That would make the mean smaller still: half are gone already.",
    },
    because="1 / (1 - 0.5) is 2: half of them are gone, so the others count double.",
)

# %% [markdown]
# The scaling keeps the *mean* as it is, so that nothing changes when dropout is switched off. In the
# graph dropout is a product with a mask, which holds a 0 or a 2 for each number.
#
# **Before you go on:** all of `out` is added up. What is the gradient of a number that survived, and
# that of a number that was dropped?

# %%
ad.manual_seed(4)
dropout.train()
x = ad.ones(6, requires_grad=True)
out = dropout(x)
out.sum().backward()
print("out   ", out.tolist())
print("x.grad", x.grad.tolist())
print(viz.graph(out))
print("mean of 10,000:", round(dropout(ad.ones(10_000)).mean().item(), 2))

# %% [predict]
predict.number(
    [x.grad.max(), x.grad.min()],
    wrong={
        (1, 1): "That would be so without dropout. A dropped number cannot"
        " change the sum, and the others change it by 2 for 1.",
        (1, 0): "The mask multiplies a survivor by 2, and so does its"
        " derivative.",
        (0, 2): "The survivor comes first in the question.",
    },
    because="A product's local derivative is its other factor: the mask.",
)

# %% [markdown]
# Forgetting `eval()` when you use the model is the classic mistake: the answers flicker.
#
# **Before you go on:** the same input three times, in train mode and then in eval mode. In which of
# the two are the three answers equal?

# %%
ad.manual_seed(0)
model = nn.Sequential(
    nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1)
)
x = ad.ones(1, 4)
for mode in ("train", "eval"):
    model.train(mode == "train")
    print(f"{mode:5}", [round(model(x).item(), 4) for _ in range(3)])

# %% [predict]
predict.choice(
    "eval",
    options=("train", "eval", "both"),
    wrong={
        "both": "In train mode every call draws a new mask.",
        "train": "The other way round: in train mode every call draws a new"
        " mask, and in eval mode there is none.",
    },
    because="In eval mode dropout hands on what it is given; in train mode it"
    " draws a new mask each time.",
)

# %% [markdown]
# `eval()` is not a way to save memory, and `no_grad()` is not a way to switch dropout off. They are
# two switches, and neither of them freezes anything: that is a third one, `requires_grad_(False)`.
#
# **Before you go on:** a colleague writes `with no_grad():` around the model, and forgets `eval()`.
# Do the answers still flicker?


# %%
def ask(model):
    """Do two answers differ? Is there a graph? Do parameters ask?"""
    first, second = model(x), model(x)
    flickers = first.item() != second.item()
    graph = first.requires_grad
    asks = any(p.requires_grad for p in model.parameters())
    return f"flickers {flickers!s:6} graph {graph!s:6} asks {asks}"


print("as it is             ", ask(model.train()))
print("eval()               ", ask(model.eval()))
with ad.no_grad():
    print("no_grad()            ", ask(model.train()))
model.requires_grad_(False)
print("requires_grad_(False)", ask(model))
model.requires_grad_(True)
with ad.no_grad():
    print("eval() and no_grad() ", ask(model.eval()))

# %% [predict]
with ad.no_grad():
    two_answers = {model.train()(x).item() for _ in range(9)}
predict.choice(
    "yes" if len(two_answers) > 1 else "no",
    options=("yes", "no"),
    wrong={
        "no": "no_grad() stops the recording of the graph. What the layers"
        " compute stays as it is."
    },
    because="Only eval() changes what dropout does. To use a model you want"
    " both: eval() for the right answers, no_grad() for memory and time.",
)

# %% [markdown]
# Does it help? Take only 100 of the digits, and a net large enough to learn them by heart. Three
# times without dropout, three times with it, and we measure on images that the nets never saw.

# %%
from autodiff.vision.datasets import Digits

scans, held_out = Digits(train=True), Digits(train=False)
images, labels = scans.data.reshape(-1, 64)[:100], scans.targets[:100]
unseen, truth = held_out.data.reshape(-1, 64), held_out.targets


def learned(p, seed):
    ad.manual_seed(seed)
    hidden = [nn.Linear(64, 200), nn.ReLU(), nn.Dropout(p)]
    hidden += [nn.Linear(200, 200), nn.ReLU(), nn.Dropout(p)]
    net = nn.Sequential(*hidden, nn.Linear(200, 10))
    optimizer = ad.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    for _ in range(200):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(images), labels).backward()
        optimizer.step()
    net.eval()
    with ad.no_grad():
        return [
            (net(x).argmax(1) == y).float().mean().item()
            for x, y in ((images, labels), (unseen, truth))
        ]


for p in (0.0, 0.5):
    for seed in range(3):
        seen, new = learned(p, seed)
        print(
            f"p = {p}: {seen:.0%} of those it saw, {new:.1%} of the others"
        )

# %% [markdown]
# Both know the 100 by heart; with dropout the nets do a little better on the rest. Such a layer is
# called a *regulariser*. Build it yourself: it is three lines.

# %% [exercise] dropout

# %% [markdown]
# **Batch norm** takes each channel of a batch, subtracts its mean and divides by its standard
# deviation, so that every layer gets numbers of a decent size. Two learned numbers per channel, `weight`
# and `bias`, may then scale and shift them.
#
# **Before you go on:** two channels of three samples, with means 2 and 300. After it, what are the
# means of the two?

# %%
norm = nn.BatchNorm1d(2)
batch = ad.tensor([[1.0, 100.0], [2.0, 300.0], [3.0, 500.0]])
out = norm(batch)
print(out.detach())
print("means     ", out.mean(0).tolist())
print("deviations", out.std(0, unbiased=False).tolist())

# %% [predict]
predict.number(
    out.mean(0).round(decimals=3),
    wrong={
        (2, 300): "Those go in. The layer subtracts each from its channel."
    },
    because="Each channel loses its own mean, whatever it was: the two columns"
    " are equal now.",
)

# %% [markdown]
# Mean and deviation come from the whole batch, so each sample's result depends on all the others.
# Gradients tell. If all three samples of a channel grow by the same amount, their mean grows with
# them, and nothing changes at all.
#
# **Before you go on:** so what do the gradients of each channel add up to, whatever the loss?

# %%
x = batch.clone().requires_grad_()
loss = (norm(x)[0] ** 2).sum()
loss.backward()
print("the loss looks at sample 0 only, yet every sample has a gradient:")
print(x.grad)
print(f"largest sum: {x.grad.sum(0).abs().max().item():.6f}")

# %% [predict]
predict.number(
    x.grad.sum(0).round(decimals=3) + 0.0,
    wrong={
        (1, 1): "The sum says how the loss reacts when all samples of a"
        " channel move together. Here it does not react at all.",
    },
    because="Moving a whole channel moves its mean too, and the differences"
    " stay as they are: 0 for each channel.",
)

# %% [markdown]
# In use there may be a single sample, and a single sample has no deviation. So while training the
# layer keeps *running* averages, each a tenth of the way towards the latest batch, and uses those in
# eval mode. They are **buffers**: part of the state, not learned by gradients.
#
# **Before you go on:** the running mean began at [0, 0], and the batch's means are 2 and 300. Where
# is it after one batch?

# %%
norm = nn.BatchNorm1d(2)
norm(batch)
print("running mean", norm.running_mean)
print("parameters  ", [name for name, _ in norm.named_parameters()])
print("buffers     ", [name for name, _ in norm.named_buffers()])
try:
    norm(batch[:1])
except ValueError as error:
    print(error)

# %% [predict]
predict.number(
    norm.running_mean,
    wrong={
        (
            2,
            300,
        ): "It goes a tenth of the way only, so that no single batch decides.",
        (
            1.8,
            270,
        ): "A tenth new and nine tenths old, not the other way round.",
    },
    because="0.9 * old + 0.1 * new, and old was 0.",
)

# %% [markdown]
# The same input gives different answers in the two modes until the running averages have caught up.
#
# **Before you go on:** each batch closes a tenth of what is left. After 50 more batches, what share of
# the gap in the running mean is left, about? (0.9 to the power of 50.)


# %%
def gap():
    trained = norm.train()(batch).detach()
    used = norm.eval()(batch).detach()
    norm.train()
    return (trained - used).abs().max().item()


before = (norm.running_mean - batch.mean(0)).abs().max().item()
print("answers differ after a few batches by", round(gap(), 3))
for _ in range(49):
    norm(batch)
print("after 50 more                     by", round(gap(), 3))
share = (norm.running_mean - batch.mean(0)).abs().max().item() / before
print("share of the gap that is left       ", round(share, 4))

# %% [predict]
predict.number(
    share,
    within=0.006,
    wrong={
        0.0: "Nearly, but it never closes: nine tenths stay each time.",
        0.9: "Nine tenths are left after one batch; here 50 follow each other.",
    },
    because="0.9 ** 50 is about 0.005.",
)

# %% [markdown]
# A gap remains after all: the running variance goes towards the *unbiased* variance (divided by n - 1),
# while a batch is normalised by the biased one (divided by n). With three samples that shows; with
# fifty it hardly does.
#
# Now write batch norm yourself, both of its modes. Let the engine find the gradient.

# %% [exercise] batch-norm

# %% [markdown]
# **What you take along**
#
# - Dropout and batch norm behave differently in training and in use: `train()`
#   and `eval()` switch that, and nothing else.
# - Batch norm's running averages are buffers. The forward pass moves them, not
#   the optimizer.
# - To use a model: `eval()` *and* `no_grad()`.
