"""Four ways to stop a gradient, told apart: a script, or `autodiff learn stopping`."""

# %% [markdown]
# Sometimes a gradient should *not* flow: while you only look at results, when a part of a model is
# to stay as it is, or when a number is meant as a plain number. There are several ways to say so,
# and they are easily mixed up. This lesson puts them side by side on one tiny program.
#
# `w` is learned, `x` is data, `loss` is what we want small. First nothing is stopped.
#
# **Before you go on:** the loss is (2 * 3 - 5) squared, which is 1. Its derivative by `w` is
# 2 * (2 * 3 - 5) * 3. What will `w.grad` be?

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

# %% [markdown]
# **First way: `no_grad()`** stops the *recording*. Inside it the same operations give the same
# numbers, and no graph. That saves memory and time, and it is the only place where a leaf may be
# changed in place.
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

# %% [markdown]
# An optimizer's step is a change in place, so it happens under `no_grad()`. Without it the change
# would be recorded as part of the next loss, and that is refused.

# %%
try:
    w -= 0.1 * w.grad
except RuntimeError as mistake:
    print(str(mistake).splitlines()[0])
with ad.no_grad():
    w -= 0.1 * w.grad
print("w is now", w)

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

# %% [markdown]
# Exactly half: only one of the two ways was open. Step by step, first with both ways open, then with
# one.

# %%
w.grad = None
print(viz.backward(w * w))
print()
print(viz.backward(w * target))

# %% [markdown]
# **Third way: `requires_grad_(False)`** stops *one leaf*: it no longer asks. What the others get
# stays as it was, and the gradient still flows *through* the operations to leaves farther away.
# That is how layers are frozen.
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
print("second layer:", model[2].bias.grad)

# %% [markdown]
# It does. Freezing does not cut the way; it only means that nothing is collected there. `why` tells
# the two apart in so many words.

# %%
frozen = model[2].bias
print(viz.why(frozen))

# %% [markdown]
# **Fourth way, which is none: `eval()`.** It changes how some layers *behave* (dropout stops
# dropping, batch norm uses what it has learned). Gradients are recorded as before.
#
# **Before you go on:** so which of the two lines will have a `grad_fn`?

# %%
model.eval()
print("eval()   ", model(ad.ones(1, 2)).grad_fn is not None)
with ad.no_grad():
    print("no_grad()", model(ad.ones(1, 2)).grad_fn is not None)

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

# %% [markdown]
# Ten times too large, and silently. With `detach()` the same write is noticed, because both tensors
# share one version counter.
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
