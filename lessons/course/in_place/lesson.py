"""Writing in place: views, versions and saved values: or play it with `autodiff learn in-place`."""

# %% [markdown]
# An operation normally makes a new tensor. One whose name ends in `_` (and `+=`, and assigning to a
# part) writes into the old one instead. That saves memory, and it changes the ground under everything
# that looks at the same numbers.
#
# **Before you go on:** `row` below is a *view*: it has no numbers of its own. What will `table` look
# like after the write?

# %%
import autodiff as ad
import viz

table = ad.zeros(2, 3)
row = table[0]
row.add_(5)
print(table)
print("shares memory:", row.data_ptr() == table.data_ptr())

# %% [markdown]
# Every memory counts the writes to it: its **version**. Tensors that share memory share the count.
#
# **Before you go on:** three writes below. What will the version of `table` be at the end?

# %%
print("version", table._version)
table[1, 2] = 7.0
table += 1
row.mul_(2)
print("version", table._version)
print(table)

# %% [markdown]
# Why count? A backward pass needs values from the forward pass. A product keeps its factors, the
# exponential keeps its *result*, because that is its derivative. The node notes the version, and
# compares before it uses what it kept.
#
# The square below saved its *input* x, and the exponential its *output*. Both outputs are then
# changed in place.
#
# **Before you go on:** which of the two backward passes will fail?

# %%
x = ad.tensor([1.0, 2.0], requires_grad=True)
square = x**2
square.add_(10)
square.sum().backward()
print("square: fine, x.grad =", x.grad)
exponential = x.exp()
exponential.add_(10)
try:
    exponential.sum().backward()
except RuntimeError as error:
    print(error)

# %% [markdown]
# You can see what each node keeps. The rule of thumb: an operation whose derivative is written with
# its own result (exp, sigmoid, tanh, sqrt) minds if the result is changed; others mind their inputs.

# %%
saved = {}
for name in ("exp", "sigmoid", "tanh", "sqrt", "sin", "log", "square"):
    node = getattr(x, name)().grad_fn
    saved.setdefault(", ".join(node.saves), []).append(name)
for what, names in saved.items():
    print(f"keeps {what:4}", names)
print()
print(viz.grad_fn(x.exp().sum()))

# %% [markdown]
# A write is an operation too: it goes into the graph, and its gradient is right. Adding 10 changes
# nothing for the gradient; multiplying by 3 does.
#
# **Before you go on:** y = 2 * x, then `y.mul_(3)`. What is the gradient of the sum by x?

# %%
x.grad = None
y = x * 2
y.mul_(3)
y.sum().backward()
print("x.grad", x.grad)
print(viz.graph(y))

# %% [markdown]
# Writing to a *part* is recorded as well: the part gets new values, the rest keeps its history. What
# was overwritten no longer counts, so nothing flows back to it.
#
# **Before you go on:** y = 2 * x for two numbers, then `y[0] = 9`. What is the gradient now?

# %%
x.grad = None
y = x * 2
y[0] = 9.0
y.sum().backward()
print("y     ", y)
print("x.grad", x.grad)

# %% [markdown]
# A leaf that asks for its gradient may not be written to at all while things are recorded: whose
# gradient would `.grad` hold, that of the value before or after? Under `no_grad()` it may, and that is
# how an optimizer steps.

# %%
w = ad.tensor([1.0], requires_grad=True)
try:
    w.add_(1)
except RuntimeError as error:
    print(str(error).splitlines()[0])
with ad.no_grad():
    w.add_(1)
print("under no_grad:", w)

# %% [markdown]
# That step is a write too. So if you compute a loss, take a step, and then call backward on that old
# loss, it speaks up. The usual reason: two losses share a part of the graph, and the optimizer stepped
# in between.
#
# **Before you go on:** which of the two backward passes fails, and what should be moved?

# %%
w = ad.tensor([2.0], requires_grad=True)
optimizer = ad.optim.SGD([w], lr=0.1)
shared = w * w
first, second = shared.sum(), (shared * 3).sum()
first.backward(retain_graph=True)
optimizer.step()
try:
    second.backward()
except RuntimeError as error:
    print(viz.explain(error))

# %% [markdown]
# Both backward passes first, then the step. And one last trap: `.data` writes without counting. The
# graph does not notice, and the gradient is silently wrong: do not use it.
#
# **Before you go on:** exp(0) = 1, and its derivative is 1. What does the write make of it?

# %%
z = ad.tensor(0.0, requires_grad=True)
y = z.exp()
y.data.fill_(100.0)
y.backward()
print("z.grad", z.grad, " version", y._version)
