"""Losses: one number that says how wrong: a script, or play it with `autodiff learn losses`."""

# %% [markdown]
# A loss turns "how wrong is this?" into one number, because a backward pass starts at one number.
# Which number you choose decides what the model will care about.
#
# For quantities there is the **mean squared error**. Its gradient is 2 * (output - target) / n: the
# farther off, the harder it pulls.
#
# **Before you go on:** the errors below are 1 and -4. How much harder does the second one pull?

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

# %% [markdown]
# One wild value in the data then outweighs everything else. The **absolute error** pulls equally
# hard at any distance; **Huber's** is squared near 0 and straight farther away.
#
# **Before you go on:** what will be the gradients of the three at an error of 100?

# %%
for name in ("mse_loss", "l1_loss", "huber_loss"):
    pulls = []
    for error in (0.1, 1.0, 100.0):
        v = ad.tensor(error, requires_grad=True)
        getattr(F, name)(v, ad.tensor(0.0)).backward()
        pulls.append(round(v.grad.item(), 3))
    print(f"{name:10} pulls {pulls}")

# %% [markdown]
# For *classes* a distance makes no sense: cat is not nearer to dog than to car. A classifier gives
# each class a **score** (a *logit*), any number. `softmax` turns scores into probabilities: positive,
# and 1 together.
#
# **Before you go on:** what happens to the probabilities if 100 is added to all scores?

# %%
scores = ad.tensor([2.0, 1.0, -1.0])
print("softmax      ", F.softmax(scores, dim=0))
print("all plus 100 ", F.softmax(scores + 100, dim=0))
print("all times 10 ", F.softmax(scores * 10, dim=0))

# %% [markdown]
# The loss is the *surprise* at the right class: minus the logarithm of its probability. Sure and
# right costs nothing, sure and wrong costs without limit.

# %%
for p in (0.99, 0.5, 0.1, 0.001):
    print(f"probability {p:5}   surprise {-ad.tensor(p).log().item():.3f}")

# %% [markdown]
# The pieces in PyTorch's names: `log_softmax` gives log-probabilities, `nll_loss` picks the right
# one and turns its sign, and `cross_entropy` is both in one. It takes **scores**, and the *number* of
# the right class.
#
# **Before you go on:** will the two losses be equal?

# %%
scores = ad.tensor([[2.0, 1.0, -1.0], [0.0, 0.5, 1.0]], requires_grad=True)
labels = ad.tensor([0, 2])
by_parts = F.nll_loss(F.log_softmax(scores, dim=1), labels)
loss = F.cross_entropy(scores, labels)
print("by parts", by_parts.item(), "  in one", loss.item())
print()
print(viz.graph(loss))

# %% [markdown]
# Its gradient is the most beautiful formula of the field: **probabilities minus the truth**. The
# right class is pulled up by what it lacks to 1, the others are pushed down by what they have.
#
# **Before you go on:** will each row of the gradient sum to something, or to nothing?

# %%
loss.backward()
truth = F.one_hot(labels, 3)
print("gradient * 2:     ", (scores.grad * 2)[0])
print("probability-truth:", (F.softmax(scores, 1) - truth)[0].detach())
print("sum of a row:     ", round(scores.grad[0].sum().item(), 6))

# %% [markdown]
# A very common mistake: a softmax at the end of the model, and then cross-entropy, which does its
# own. Nothing fails. But probabilities are between 0 and 1, so as scores they are all nearly equal:
# the loss cannot get small, and the gradients are.
#
# **Before you go on:** the scores below are as right as can be. What will each of the two losses
# say?

# %%
import warnings

sure = ad.tensor([[20.0, 0.0, 0.0]], requires_grad=True)
label = ad.tensor([0])
print("scores:       ", F.cross_entropy(sure, label).item())
with warnings.catch_warnings(record=True, action="always") as notes:
    print("softmax first:", F.cross_entropy(sure.softmax(1), label).item())
print(notes[0].message)

# %% [markdown]
# Another trap: to compute the logarithm of a softmax in two steps. A probability may be so small
# that it becomes 0, and the logarithm of 0 is minus infinity. `log_softmax` never leaves the
# logarithms.
#
# **Before you go on:** what will be the gradient of the first?

# %%
far = ad.tensor([0.0, 200.0], requires_grad=True)
bad = -far.softmax(0).log()[0]
bad.backward()
print("two steps:", bad.item(), far.grad)
far.grad = None
good = -F.log_softmax(far, 0)[0]
good.backward()
print("one step: ", good.item(), far.grad)

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

# %% [markdown]
# `reduction` says what becomes of the losses of the samples: their mean, their sum, or all of them.
# With "sum" the gradient grows with the batch, and so would your steps.

# %%
scores = ad.zeros(4, 3, requires_grad=True)
labels = ad.tensor([0, 1, 2, 0])
for reduction in ("mean", "sum", "none"):
    criterion = nn.CrossEntropyLoss(reduction=reduction)
    print(f"{reduction:5}", criterion(scores, labels).detach())
