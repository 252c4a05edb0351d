"""Writing in place: views, versions and saved values: or play it with `autodiff learn in-place`."""

from lessons import predict

# %% [markdown]
# An operation normally makes a new tensor. One whose name ends in `_` (and `+=`, and assigning to a
# part) writes into the old one instead. That saves memory, and it changes the ground under everything
# that looks at the same numbers.
#
# **Before you go on:** `row` below is a *view* of the first row of zeros. What are the numbers in `table`
# after the write? (Six numbers.)

# %%
import autodiff as ad
import viz

table = ad.zeros(2, 3)
row = table[0]
row.add_(5)
print(table)
print("shares memory:", row.data_ptr() == table.data_ptr())

# %% [predict]
predict.number(
    table,
    wrong={
        (0.0, 0.0, 0.0, 0.0, 0.0, 0.0): (
            "A row taken out of a Python list would be a copy, but this is "
            "a view: it has no numbers of its own."
        ),
        (5.0, 5.0, 5.0, 5.0, 5.0, 5.0): (
            "The view looks at the first row only."
        ),
    },
    because="A view has no numbers of its own: who writes to it writes to "
    "the table.",
)

# %% [markdown]
# Every memory counts the writes to it: its **version**. Tensors that share memory share the count.
#
# **Before you go on:** the version of `table` is 1 now. What will it be after the three writes below?

# %%
print("version", table._version)
table[1, 2] = 7.0
table += 1
row.mul_(2)
print("version", table._version)
print(table)

# %% [predict]
predict.number(
    table._version,
    wrong={
        3: "The write through row counts as well: it is the same memory, "
        "and the same count. (Or did you forget that it begins with 1?)",
        2: "Assigning to a part is a write, and so is mul_ through the view.",
        1: "All three lines write into the memory.",
        8: "A write counts once, however many numbers it changes.",
    },
    because="1, and three more: an assignment to a part, a += and a write "
    "through the view.",
)

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

# %% [predict]
predict.choice(
    "the exponential",
    options=("the square", "the exponential", "both", "neither"),
    wrong={
        "the square": "The square needs its input, 2 * x, and the input is "
        "unchanged: only the output was written to.",
        "both": "The square needs its input, 2 * x, and the input is "
        "unchanged. Writing in place is no sin in itself.",
        "neither": "exp saved its *result*, because that is its derivative, "
        "and the result was written to.",
    },
    because="What counts is what was *saved*: the square saved its input, "
    "the exponential its output. Adding 10 changed the outputs.",
)

# %% [markdown]
# You can see what each node keeps. The rule of thumb: an operation whose derivative is written with
# its own result minds if the result is changed; others mind their inputs.
#
# **Before you go on:** the derivative of `sqrt(x)` is `1 / (2 * sqrt(x))`, that of `tanh(x)` is
# `1 - tanh(x)**2`, that of `sin(x)` is `cos(x)`. Which of the three keeps its *input*?

# %%
saved = {}
for name in ("exp", "sigmoid", "tanh", "sqrt", "sin", "log", "square"):
    node = getattr(x, name)().grad_fn
    saved.setdefault(", ".join(node.saves), []).append(name)
for what, names in saved.items():
    print(f"keeps {what:4}", names)
print()
print(viz.grad_fn(x.exp().sum()))

# %% [predict]
predict.choice(
    "sin",
    options=("sqrt", "tanh", "sin"),
    wrong={
        "sqrt": "Its derivative is written with sqrt(x), the result, which "
        "is there already.",
        "tanh": "Its derivative is written with tanh(x), the result, which "
        "is there already.",
    },
    because="cos(x) cannot be had from sin(x) alone (the sign is lost), so "
    "sin keeps x.",
)

# %% [markdown]
# A write is an operation too: it goes into the graph, and its gradient is right. Adding 10 changes
# nothing for the gradient; multiplying by 3 does.
#
# **Before you go on:** y = 2 * x, then `y.mul_(3)`. What is the gradient of its sum, for x?

# %%
x.grad = None
y = x * 2
y.mul_(3)
y.sum().backward()
print("x.grad", x.grad)
print(viz.graph(y))

# %% [predict]
predict.number(
    x.grad,
    wrong={
        (2.0, 2.0): (
            "The write is an operation too: y is 3 * (2 * x) afterwards."
        ),
        (5.0, 5.0): (
            "One after the other means multiplied along the path: 3 * 2."
        ),
        (1.0, 1.0): (
            "y is computed from x by two operations, and the sum of y "
            "grows by both factors."
        ),
        (6.0, 12.0): (
            "Those are the values of y. The question is how fast they grow."
        ),
    },
    because="y is 6 * x in the end. The write went into the graph.",
)

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

# %% [predict]
predict.number(
    x.grad,
    wrong={
        (2.0, 2.0): (
            "The first number of y does not come from x any more: it is 9, "
            "whatever x is."
        ),
        (9.0, 2.0): (
            "9 is the value. It does not depend on x, so its slope is 0."
        ),
        (9.0, 4.0): (
            "Those are the values of y. The question is how fast they grow."
        ),
        (0.0, 0.0): ("The second number is still 2 * x."),
    },
    because="Where y was overwritten it no longer depends on x.",
)

# %% [markdown]
# A habit from NumPy: make zeros, and fill them in a loop. It works here too, because each write is
# recorded. But each write is also a node on top of the one before. If there are many parts, collect them
# in a list and join them once, with `stack`.
#
# **Before you go on:** the parts are 0 * w, 1 * w and 2 * w. What is the gradient of their sum, for w?

# %%
from autodiff.graph import topological_order

w = ad.tensor(2.0, requires_grad=True)
filled = ad.zeros(3)
for i in range(3):
    filled[i] = w * i
filled.sum().backward()
print("w.grad", w.grad)
stacked = ad.stack([w * i for i in range(3)])
print(viz.grad_fn(stacked))
for name, way in (("filled", filled), ("stacked", stacked)):
    print(name, "has", len(topological_order([way.grad_fn])), "nodes")

# %% [predict]
predict.number(
    w.grad,
    wrong={
        0.0: "filled began as plain zeros, but what was written into it "
        "remembers w: the writes are recorded.",
        2.0: "That is the last write alone. Each one put its part into "
        "another place, and all three count.",
        6.0: "That is the value of the sum. It is 3 * w, so its slope is 3.",
    },
    because="0 + 1 + 2: every part counts, however it got there. With "
    "stack the graph is smaller, and easier to read.",
)

# %% [markdown]
# A leaf that asks for its gradient may not be written to at all while things are recorded: whose
# gradient would `.grad` hold, that of the value before or after? Under `no_grad()` it may, and that is
# how an optimizer steps.
#
# **Before you go on:** the step below is the formula of every text book. What will it give?

# %%
w = ad.tensor([1.0], requires_grad=True)
(w * 3).sum().backward()
try:
    w -= 0.1 * w.grad
except RuntimeError as error:
    print(error)
with ad.no_grad():
    w -= 0.1 * w.grad
print("under no_grad:", w)

# %% [predict]
predict.choice(
    "an error",
    options=("w = 0.7", "w = 1", "an error"),
    wrong={
        "w = 0.7": "That is what is meant. But the write would be recorded, "
        "on a leaf that asks for its gradient, and that is refused.",
        "w = 1": "Nothing is skipped in silence.",
    },
    because="Under no_grad() the write is not recorded, w stays a leaf, and "
    "the step is done.",
)

# %% [markdown]
# That step is a write too. So if you compute a loss, take a step, and then call backward on that old
# loss, it speaks up. The usual reason: two losses share a part of the graph, and the optimizer stepped
# it speaks up. The usual reason: two losses share a part of the graph, and the optimizer stepped in
# between. (`SGD` is the simplest optimizer: `step()` does `w -= lr * w.grad` for each tensor that it
# was given, and `zero_grad()` clears their gradients.)
#
# **Before you go on:** which line will fail?

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

# %% [predict]
predict.choice(
    "second.backward",
    options=("first.backward", "optimizer.step", "second.backward"),
    wrong={
        "first.backward": "When it runs, nothing has been written yet, and "
        "retain_graph=True keeps what was saved for the second.",
        "optimizer.step": "It writes under no_grad(), and may. Who minds is "
        "whoever saved w before.",
    },
    because="The product saved w. The step wrote to it. So the second pass "
    "finds another value than the forward pass used.",
)

# %% [markdown]
# The remedy is an order: both backward passes first, then the step. `retain_graph=True` would not
# help here; it was there already.
#
# **The exercise:** put the lines of a training step with two losses in that order.

# %% [exercise] two-losses

# %% [markdown]
# In the lesson on stopping gradients, `.data` hid a write, and the gradient was silently wrong. Now you
# can see how. `detach()` gives a tensor of the same memory *and* the same count of writes. `.data` gives
# one of the same memory with a count of its own.
#
# **Before you go on:** each of the two lines below writes to the memory of `y`. What will the version of
# `y` be in the end?

# %%
z = ad.tensor([0.0, 1.0], requires_grad=True)
y = z.exp()
y.detach().mul_(2)
print("after a write through detach():", y._version)
y.data.mul_(2)
print("after a write through .data:   ", y._version)
print(y)

# %% [predict]
predict.number(
    y._version,
    wrong={
        2: "The write through .data is not counted. That is the whole trouble "
        "with it.",
        0: "detach() shares the count: its write is noticed.",
    },
    because="Both writes reached the memory. Only the first was counted, so "
    "only the first could be noticed.",
)

# %% [markdown]
# **The exercise:** somebody saved memory in a softmax, and now its backward pass fails. With `.data` it
# would run, and be wrong. Mend it.

# %% [exercise] softmax

# %% [markdown]
# **What you take along**
#
# - All tensors that share memory share one count of writes, the version.
# - A write hurts only if the backward pass *saved* what it overwrote.
# - A leaf that asks is changed under `no_grad()`, and an optimizer steps after
#   all backward passes, never between them.
#
# You know what an operation saves, and why. So you can write one of your own.
