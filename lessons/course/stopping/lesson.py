"""Four ways to stop a gradient, told apart: a script, or `autodiff learn stopping`."""

from lessons import predict

# %% [markdown]
# Sometimes a gradient should *not* flow: while you only look at results, when a part of a model is
# to stay as it is, or when a number is meant as a plain number. There are several ways to say so,
# and they are easily mixed up. This lesson puts them side by side on one tiny program.
#
# `w` is learned, `x` is data, `loss` is what we want small. First nothing is stopped.
#
# **Before you go on:** the error is 2 * 3 - 5 = 1, and the loss its square. What will `w.grad` be?

# %%
import autodiff as ad
import viz
from autodiff import nn

x = ad.tensor(3.0)
w = ad.tensor(2.0, requires_grad=True)
error = w * x - 5
loss = error**2
loss.backward()
print(viz.graph(loss))
print()
print("w.grad", w.grad)

# %% [predict]
predict.gradient(
    lambda: (w * x - 5) ** 2,
    w,
    because="2 * 1 * 3: the square sends 2 * error, and the product "
    "multiplies by x.",
)

# %% [markdown]
# **First way: `no_grad()`** stops the *recording*. Inside it the same operations give the same
# numbers, and no graph. That saves memory and time. It is also where an *optimizer*, which is what
# changes `w` in a training, takes its step.
#
# **Before you go on:** the line inside computes with `w`, which asks for a gradient. Will `looked`
# have a `grad_fn`?

# %%
with ad.no_grad():
    looked = w * x - 5
print("looked", looked, " grad_fn:", looked.grad_fn)
print("w still asks:", w.requires_grad)
again = w * x - 5
print("outside", again)

# %% [predict]
predict.choice(
    "no",
    options=("yes", "no"),
    wrong={
        "yes": "w asks, and still asks. But inside no_grad() nobody writes "
        "down what is computed."
    },
    because="The same number, and no graph behind it.",
)

# %% [markdown]
# **Second way: `detach()`** stops *one value*. It is the same number, and the graph ends there:
# whatever came before it gets nothing through it.
#
# Below, `w` goes into the product twice, once through `detach()`.
#
# **Before you go on:** `w * w` has the derivative 2 * w. What will `w.grad` be here, at w = 3?

# %%
w = ad.tensor(3.0, requires_grad=True)
target = w.detach()
out = w * target
out.backward()
print(viz.graph(out))
print()
print("w.grad", w.grad)

# %% [predict]
predict.gradient(
    lambda: w * w.detach(),
    w,
    wrong={
        6.0: "That is with both ways open. Through target nothing flows: it "
        "is a plain 3.",
        0.0: "One of the two factors still leads to w.",
        9.0: "That is the value of out.",
    },
    because="Only one of the two ways is open: out is w times a plain 3.",
)

# %% [markdown]
# Exactly half. Step by step, first with both ways open, then with one.

# %%
w.grad = None
print(viz.backward(w * w))
print()
print(viz.backward(w * target))

# %% [markdown]
# Where this is needed: a number that your own model computes serves as a *target* for it. If gradients
# flow into the target too, the model moves the target towards itself, instead of itself towards the
# target.
#
# **The exercise:** cut the target off, and nothing else.

# %% [exercise] target

# %% [markdown]
# **Third way: `requires_grad_(False)`** stops *one leaf*: it no longer asks. What the others get
# stays as it was, and the gradient still flows *through* the operations to leaves farther away.
# That is how layers are frozen. `why` tells the ways apart in so many words.
#
# A *layer* is a ready-made piece of a model. `nn.Linear(2, 3)` makes 3 numbers of 2, by weights and
# biases which are its leaves; `nn.Sequential` runs layers in a row.
#
# **Before you go on:** below the *second* layer is frozen. Will the first one, which lies behind
# it, still get its gradient?

# %%
ad.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
model[2].requires_grad_(False)
out = model(ad.tensor([[1.0, 2.0]])).sum()
out.backward()
print("first layer: ", model[0].bias.grad)
frozen = model[2].bias
print("second layer:", frozen.grad)
print(viz.why(frozen))

# %% [predict]
predict.choice(
    "yes",
    options=("yes", "no"),
    wrong={
        "no": "Freezing does not cut the way. It only means that nothing is "
        "collected there; detach() would have cut it."
    },
    because="The gradient flows through the frozen layer to what lies "
    "behind it. The frozen layer keeps none for itself.",
)

# %% [markdown]
# **Fourth way, which is none: `eval()`.** It changes how some layers *behave* (dropout stops
# dropping, batch norm uses what it has learned; both have a lesson later). Gradients are recorded as
# before.
#
# **Before you go on:** for which of the two will the result have a `grad_fn`?

# %%
model.eval()
print("eval()   ", model(ad.ones(1, 2)).grad_fn is not None)
with ad.no_grad():
    print("no_grad()", model(ad.ones(1, 2)).grad_fn is not None)

# %% [predict]
predict.choice(
    "eval",
    options=("eval", "no_grad", "both", "none"),
    wrong={
        "no_grad": "The other way round: no_grad() is what stops recording.",
        "both": "Under no_grad() nothing is recorded.",
        "none": "eval() sounds as if it did, but it changes only how layers "
        "behave.",
    },
    because="eval() is about behaviour, no_grad() about recording.",
)

# %% [markdown]
# To *use* a model you usually want both: `eval()` for the right numbers, `no_grad()` for the
# memory. For training, `train()` puts the behaviour back.
#
# One more, to know and to avoid: `.data` is like `detach()`, but it also hides what you write. The
# graph below saved `y`, which is then changed behind its back. The derivative of exp(v) at 0 is 1.
#
# **Before you go on:** what will `v.grad` be?

# %%
v = ad.tensor(0.0, requires_grad=True)
y = v.exp()
y.data.add_(9)
y.backward()
print("v.grad", v.grad, " with no complaint at all")

# %% [predict]
predict.number(
    v.grad,
    wrong={
        1.0: "That would be right. But the rule of exp multiplies by what "
        "it saved, its result, and that is no longer 1.",
        9.0: "9 was added to the 1 that was there.",
        0.0: "The graph is whole; only a number in it was changed.",
    },
    because="The rule of exp reads its saved result: 1, and 9 added behind "
    "its back. Ten times too large, and no complaint.",
)

# %% [markdown]
# With `detach()` the same write is noticed, because both tensors share one count of writes. The lesson
# on writing in place tells how that works.
#
# In short: `no_grad()` stops recording, `detach()` stops one value, `requires_grad_(False)` stops
# one leaf, `eval()` stops nothing, and `.data` lies.

# %%
v = ad.tensor(0.0, requires_grad=True)
y = v.exp()
y.detach().add_(9)
try:
    y.backward()
except RuntimeError as mistake:
    print(mistake)

# %% [markdown]
# So far we stopped gradients on purpose. More often it happens **by accident**: a value leaves the
# graph, as a Python number, a list, a NumPy array, and a tensor is made of it again. The numbers are
# right. The graph is gone.
#
# **Before you go on:** `total` has the right value. What will `total.backward()` do?

# %%
w = ad.tensor([0.5, 2.0], requires_grad=True)
scores = w * ad.tensor([3.0, 1.0])
total = ad.tensor([score.item() for score in scores]).sum()
print("total", total)
try:
    total.backward()
except RuntimeError as mistake:
    print(mistake)
print()
print(viz.why(w, total))

# %% [predict]
predict.choice(
    "raise an error",
    options=("reach w", "raise an error", "miss w silently"),
    wrong={
        "reach w": "item() gives a plain number. The tensor made of it knows "
        "nothing of where it came from.",
        "miss w silently": "Here nothing at all asks for a gradient, so there "
        "is an error. The silent case comes next.",
    },
    because="What is made of plain numbers is a new leaf, with no history.",
)

# %% [markdown]
# "Does not require grad", says the message. So somebody adds `requires_grad=True`, and the error is
# gone.
#
# **Before you go on:** is `w.grad` filled now?

# %%
total = ad.tensor(
    [score.item() for score in scores], requires_grad=True
).sum()
total.backward()
print("w.grad", w.grad)
print(viz.graph(total))

# %% [predict]
predict.choice(
    "no",
    options=("yes", "no"),
    wrong={
        "yes": "The new tensor asks for a gradient, and gets one: it is a "
        "leaf of its own. There is still no way from it to w."
    },
    because="The picture shows it: no w. An optimizer would step and step, "
    "and w would never change.",
)

# %% [markdown]
# Some operations cannot pass a gradient on at all. `argmax` says *which* is largest; a comparison says
# yes or no. When `w` changes a tiny bit, the answer stays the same, or jumps. There is no slope to
# follow, so nothing is recorded.
#
# What has a slope is a *soft* choice: `softmax` gives each score its share, most to the largest.
#
# **Before you go on:** which of the two will have a `grad_fn`?

# %%
scores = w * ad.tensor([3.0, 1.0])
hard = scores.argmax()
soft = scores.softmax(0)
print("argmax ", hard, hard.grad_fn)
print("softmax", soft.detach(), soft.grad_fn)
print("scores > 1", (scores > 1).grad_fn)

# %% [predict]
predict.choice(
    "softmax",
    options=("argmax", "softmax", "both"),
    wrong={
        "argmax": "Its result is a whole number, 0 or 1, and stays the same "
        "under a tiny change of w.",
        "both": "The result of argmax is a whole number, 0 or 1. It stays "
        "the same under a tiny change of w.",
    },
    because="Shares change smoothly with the scores; an index jumps.",
)

# %% [markdown]
# **The exercise:** this loss has the right value, it even has a gradient, and nothing is learned from
# it. Find where the graph is cut, and mend it.

# %% [exercise] reconnect

# %% [markdown]
# **What you take along**
#
# - `no_grad()` stops recording, `detach()` one value, `requires_grad_(False)`
#   one leaf. `eval()` stops nothing.
# - `.item()`, lists and NumPy cut the graph by accident, and `argmax` has no
#   slope. `requires_grad=True` silences the error and mends nothing.
# - When a gradient is missing, ask `print(viz.why(w))`.
#
# Next: what happens when a value is changed after it was used?
