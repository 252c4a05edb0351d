"""Losses: one number that says how wrong: a script, or play it with `autodiff learn losses`."""

from lessons import predict

# %% [markdown]
# A loss turns "how wrong is this?" into one number, because a backward pass starts at one number.
# Which number you choose decides what the model will care about.
#
# For quantities there is the **mean squared error**. Its gradient is `2 * (output - target) / n`: the
# farther off, the harder it pulls.
#
# **Before you go on:** the two errors below are 1 and -4. What are the two gradients?

# %%
import autodiff as ad
import viz
from autodiff import nn
from autodiff.nn import functional as F

out = ad.tensor([3.0, 2.0], requires_grad=True)
target = ad.tensor([2.0, 6.0])
loss = F.mse_loss(out, target)
loss.backward()
print("loss", loss.item(), "  gradient", out.grad)
print()
print(viz.graph(loss))

# %% [predict]
predict.number(
    out.grad,
    wrong={
        (2.0, -8.0): "It is a mean over two errors: divide by 2.",
        (
            1.0,
            16.0,
        ): "Those are the squared errors. Their slope is 2 * error.",
        (1.0, 4.0): "Mind the sign: the second output is too small, so it "
        "is to go up, against its gradient.",
        (0.5, -2.0): "The square brings a factor 2.",
        (-1.0, 4.0): "The error is output minus target, not the other way "
        "round.",
    },
    because="2 * error / n, with n = 2: an error four times as large pulls "
    "four times as hard.",
)

# %% [markdown]
# One wild value in the data then outweighs everything else. The **absolute error** pulls equally
# hard at any distance; **Huber's** is squared near 0 and straight farther away.
#
# **Before you go on:** what will be the gradients of the three at an error of 100?

# %%
pulls = {}
for name in ("mse_loss", "l1_loss", "huber_loss"):
    pulls[name] = []
    for error in (0.1, 1.0, 100.0):
        v = ad.tensor(error, requires_grad=True)
        getattr(F, name)(v, ad.tensor(0.0)).backward()
        pulls[name].append(round(v.grad.item(), 3))
    print(f"{name:10} pulls {pulls[name]}")

# %% [predict]
predict.number(
    [pull[-1] for pull in pulls.values()],
    wrong={
        (10000.0, 100.0, 99.5): "Those are the losses. Their gradients say "
        "how hard they pull.",
        (200.0, 100.0, 1.0): "The absolute error is a straight line, with "
        "the slope 1 everywhere.",
        (200.0, 1.0, 200.0): "Huber's loss is squared near 0 only.",
    },
    because="2 * 100 for the square; 1 for a straight line, and Huber's is "
    "one from an error of 1 on.",
)

# %% [markdown]
# For *classes* a distance makes no sense: cat is not nearer to dog than to car. A classifier gives
# each class a **score** (a *logit*), any number. `softmax` turns scores into probabilities, positive
# and 1 together: the exp of each score, divided by the sum of all of them.
#
# **Before you go on:** what happens to the probabilities if 100 is added to all scores?

# %%
scores = ad.tensor([2.0, 1.0, -1.0])
print("softmax      ", F.softmax(scores, dim=0))
print("all plus 100 ", F.softmax(scores + 100, dim=0))
print("all times 10 ", F.softmax(scores * 10, dim=0))

# %% [predict]
moved = F.softmax(scores + 100, dim=0) - F.softmax(scores, dim=0)
predict.choice(
    "they stay"
    if moved.abs().max().item() < 1e-6
    else "they move closer together",
    options=("they move closer together", "they stay", "they overflow"),
    wrong={
        "they move closer together": "exp(s + 100) is exp(s) times "
        "exp(100): the same factor for all, so their shares stay.",
        "they overflow": "exp(102) would, in float32. So softmax subtracts "
        "the largest score first: that changes nothing but the size.",
    },
    because="Adding the same number to all scores multiplies each exp by "
    "the same factor. Only the differences of scores matter.",
)

# %% [markdown]
# The loss is the *surprise* at the right class: minus the logarithm of its probability. Sure and
# right costs nothing, sure and wrong costs without limit. It is called the **negative
# log-likelihood**, NLL.
#
# **Before you go on:** the right class had the probability 1. What is the loss?

# %%
for p in (1.0, 0.99, 0.5, 0.1, 0.001):
    surprise = 0 - ad.tensor(p).log().item()
    print(f"probability {p:5}   surprise {surprise:6.3f}")

# %% [predict]
predict.number(
    0.0 - ad.tensor(1.0).log().item(),
    wrong={
        1.0: "Minus the *logarithm* of the probability: log(1) is 0.",
        -1.0: "Minus the *logarithm* of the probability: log(1) is 0.",
    },
    because="The logarithm of 1 is 0: no surprise at all.",
)

# %% [markdown]
# The pieces in PyTorch's names: `log_softmax` gives log-probabilities, `nll_loss` picks the one of
# the right class and turns its sign, `cross_entropy` is both in one. It takes **scores**, and the
# *number* of the right class. Below are two samples, of the classes 0 and 2.
#
# **Before you go on:** the loss is computed in three ways: by hand, by parts, in one. Will the three
# numbers be equal?

# %%
scores = ad.tensor([[2.0, 1.0, -1.0], [0.0, 0.5, 1.0]], requires_grad=True)
labels = ad.tensor([0, 2])
logs = F.log_softmax(scores, dim=1)
loss = F.cross_entropy(scores, labels)
print("by hand ", -(logs[0, 0] + logs[1, 2]).item() / 2)
print("by parts", F.nll_loss(logs, labels).item())
print("in one  ", loss.item())
print()
print(viz.graph(loss))

# %% [predict]
predict.choice(
    "yes" if ad.allclose(loss, F.nll_loss(logs, labels)) else "no",
    options=("yes", "no"),
    wrong={
        "no": "cross_entropy is log_softmax and nll_loss, one after the "
        "other, and nll_loss does no more than pick, average and turn "
        "the sign."
    },
    because="They are the same computation, as the graph shows.",
)

# %% [markdown]
# Its gradient is short enough to remember: **probabilities minus the truth**. The right class is pulled
# up by what it lacks to 1, the others are pushed down by what they have. (Here all of it divided by 2,
# since the loss is a mean over two rows.)
#
# **Before you go on:** will each row of the gradient sum to something, or to nothing?

# %%
loss.backward()
truth = F.one_hot(labels, 3)
print("gradient * 2:     ", (scores.grad * 2)[0])
print("probability-truth:", (F.softmax(scores, 1) - truth)[0].detach())
print("sum of a row:     ", round(scores.grad[0].sum().item(), 6))

# %% [predict]
predict.choice(
    "to nothing"
    if abs(scores.grad.sum().item()) < 1e-6
    else "to something",
    options=("to something", "to nothing"),
    wrong={
        "to something": "Probabilities add up to 1, and the truth, a 1 and "
        "zeros, does as well."
    },
    because="1 minus 1: what the right class is pulled up, the others are "
    "pushed down together.",
)

# %% [markdown]
# Write cross-entropy yourself, from scores to one number, so that it also works for scores of 200.

# %% [exercise] cross-entropy

# %% [markdown]
# A very common mistake: a softmax at the end of the model, and then cross-entropy, which does its
# own. Nothing fails. But probabilities are between 0 and 1, so as scores they are all nearly equal:
# the loss cannot get small, and the gradients are. CrossEntropy wants scores, the *logits*.
#
# **Before you go on:** the scores below are as right as can be. One loss will be 0. Roughly what will
# the other say: 0, 0.5 or 20?

# %%
import warnings

sure = ad.tensor([[20.0, 0.0, 0.0]], requires_grad=True)
label = ad.tensor([0])
print("scores:       ", F.cross_entropy(sure, label).item())
with warnings.catch_warnings(record=True, action="always") as notes:
    twice = F.cross_entropy(sure.softmax(1), label)
print("softmax first:", twice.item())
print(notes[0].message)

# %% [predict]
predict.number(
    twice,
    within=0.1,
    wrong={
        0.0: "As scores, the probabilities 1, 0, 0 are not far apart: the "
        "second softmax makes 0.58, 0.21, 0.21 of them.",
        20.0: "20 is a score. The second softmax sees 1, 0 and 0.",
    },
    because="-log of e / (e + 1 + 1): the softmax of 1, 0, 0. No training "
    "can get below that.",
)

# %% [markdown]
# Another trap: to compute the logarithm of a softmax in two steps. A probability may be so small
# that it becomes 0, and the logarithm of 0 is minus infinity. `log_softmax` never leaves the
# logarithms.
#
# **Before you go on:** the probability of class 0 is exp(-200), which is 0 in float32. What will the
# gradient of the two steps be?

# %%
far = ad.tensor([0.0, 200.0], requires_grad=True)
bad = -far.softmax(0).log()[0]
bad.backward()
lost = far.grad
print("two steps:", bad.item(), lost)
far.grad = None
good = -F.log_softmax(far, 0)[0]
good.backward()
print("one step: ", good.item(), far.grad)

# %% [predict]
predict.choice(
    "nan" if lost.isnan().all() else "zeros",
    options=("zeros", "-1 and 1", "nan"),
    wrong={
        "zeros": "The slope of the logarithm at 0 is 1/0, infinite, and "
        "infinity times 0 is not 0 but nan.",
        "-1 and 1": "That is the right gradient, and log_softmax finds it. "
        "The two steps have lost it in a 0.",
    },
    because="The pass multiplies the slope of the logarithm, 1/0, by the "
    "slope of the softmax, 0.",
)

# %% [markdown]
# Can one mend such a logarithm with `where`, and take it only where p is not 0? The *result* is fine
# then. But in the backward pass `where` sends the gradient 0 into the branch it did not take, and
# there it meets the slope 1/0.
#
# **Before you go on:** what will the gradient at p = 0 be?

# %%
p = ad.tensor([0.0, 0.5], requires_grad=True)
hidden = ad.where(p > 0, p.log(), 0.0)
hidden.sum().backward()
hidden_grad = p.grad
print("result", hidden.detach(), "  gradient", hidden_grad)
print(viz.why(p))
print()
p.grad = None
safe = ad.where(p > 0, p, 1.0)
ad.where(p > 0, safe.log(), 0.0).sum().backward()
print("with a safe input: gradient", p.grad)

# %% [predict]
predict.choice(
    str(hidden_grad[0].item()),
    options=("0.0", "inf", "nan"),
    wrong={
        "0.0": "So one would like. But log was computed at 0 all the same, "
        "and the pass goes through it: 0 times 1/0.",
        "inf": "1/0 is infinite, but it is multiplied by the 0 that `where` "
        "sends, and that gives nan.",
    },
    because="0 * inf is nan. `where` hides a nan on the way forward, not "
    "on the way back. Make the *input* of the logarithm safe instead.",
)

# %% [markdown]
# Use that. Entropy is the mean surprise: each probability times its own surprise. A probability of 0
# adds nothing to it, but `log` does not know that.

# %% [exercise] entropy

# %% [markdown]
# For a yes or no there is a single score, and `binary_cross_entropy_with_logits`. Its gradient is
# the same formula: sigmoid of the score, minus the truth.
#
# **Before you go on:** the score is 0, so the probability is one half, and the truth is yes. What is
# the gradient?

# %%
score = ad.tensor([0.0], requires_grad=True)
loss = F.binary_cross_entropy_with_logits(score, ad.tensor([1.0]))
loss.backward()
print("loss", round(loss.item(), 4), "  gradient", score.grad.item())

# %% [predict]
predict.number(
    score.grad,
    wrong={
        0.5: "Probability minus truth, 0.5 - 1: negative, so the score is "
        "to go up.",
        -1.0: "The probability is 0.5 already; only the rest pulls.",
        0.0: "It is undecided, so there is something to learn.",
    },
    because="sigmoid(0) - 1 = 0.5 - 1.",
)

# %% [markdown]
# `reduction` says what becomes of the losses of the samples: their mean, their sum, or all of them.
#
# **Before you go on:** with "sum", what happens to the gradient of a weight when you double the batch
# by repeating it?

# %%
weight = ad.zeros(2, 3, requires_grad=True)
x, labels = ad.tensor([[1.0, 2.0], [3.0, -1.0]]), ad.tensor([0, 1])
batches = {"once": (x, labels), "twice": (x.repeat(2, 1), labels.repeat(2))}
for reduction in ("mean", "sum", "none"):
    criterion = nn.CrossEntropyLoss(reduction=reduction)
    for name, (rows, classes) in batches.items():
        loss = criterion(rows @ weight, classes)
        shown = [round(v, 4) for v in loss.flatten().tolist()]
        weight.grad = None
        loss.sum().backward()
        size = weight.grad.norm().item()
        print(f"{reduction:5} {name:6} gradient {size:.3f}  loss {shown}")

# %% [predict]
predict.choice(
    "it doubles",
    options=("it halves", "it stays", "it doubles"),
    wrong={
        "it halves": "Nothing is divided: each sample adds its part.",
        "it stays": "That is so for the mean, which is why the mean is the "
        "default.",
    },
    because="Each sample adds its gradient, so twice the samples give twice "
    "the gradient, and steps twice as long.",
)

# %% [markdown]
# **What you take along**
#
# - Squares pull harder the farther off; absolute errors pull all alike.
# - `cross_entropy` takes scores (logits). No softmax before it.
# - Its gradient is probability minus truth.
# - `where` does not protect the backward pass: make the *input* safe.
#
# You have a model and a loss. What remains is the walk downhill.
