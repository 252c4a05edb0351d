"""grad_fn, leaves and accumulation: a script, or play it with `autodiff learn grad-fn`."""

from lessons import predict

# %% [markdown]
# Tensors that you make yourself are **leaves**. With `requires_grad=True` a leaf asks for its
# gradient, and everything computed from it is recorded: the result carries a `grad_fn`, the *node*
# that knows how to send gradients back.
#
# **Before you go on:** `x` below does not ask for a gradient. Will `product = w * x` have a
# `grad_fn`?

# %%
import warnings

import autodiff as ad
import viz

w = ad.tensor([1.0, 2.0], requires_grad=True)
x = ad.tensor([3.0, 4.0])
product = w * x
loss = product.sum()
print("w        leaf:", w.is_leaf, "  grad_fn:", w.grad_fn)
print("x        leaf:", x.is_leaf, "  grad_fn:", x.grad_fn)
print("product  leaf:", product.is_leaf, " grad_fn:", product.grad_fn)
print("loss     leaf:", loss.is_leaf, " grad_fn:", loss.grad_fn)

# %% [predict]
predict.choice(
    "yes",
    options=("yes", "no"),
    wrong={
        "no": "Then w could never get its gradient. One input that asks is "
        "enough for the operation to be recorded."
    },
    because="w asks, so what is computed from it is recorded. x is data: it "
    "takes part, and gets nothing.",
)

# %% [markdown]
# The nodes are linked: the `next_functions` of a node are the nodes it sends gradients to. The chain
# ends in `AccumulateGrad`, which adds what arrives to the `.grad` of its leaf. Nothing leads to `x`,
# so there is a None in its place.
#
# (The 0 beside each node says *which* of its results is meant; most nodes have one only.)
#
# Every product calls its two factors x and y. `saved: y` means: for the gradient of the first factor
# it needs the second one, so it keeps that. The sum keeps nothing.

# %%
print(loss.grad_fn)
print(loss.grad_fn.next_functions)
print(product.grad_fn.next_functions)
print()
print(viz.grad_fn(loss))

# %% [markdown]
# `loss` is w1 * x1 + w2 * x2. After the pass we look at three gradients: `w.grad`, `x.grad` and
# `product.grad`.
#
# **Before you go on:** which of the three will *not* be None?

# %%
loss.backward()
print("w.grad      ", w.grad)
print("x.grad      ", x.grad)
with warnings.catch_warnings(record=True, action="always") as notes:
    print("product.grad", product.grad)
print(*(note.message for note in notes))

# %% [predict]
predict.choice(
    "only w.grad",
    options=("only w.grad", "w.grad and x.grad", "w.grad and product.grad"),
    wrong={
        "w.grad and x.grad": "x has a derivative as well, but it did not ask "
        "for it: requires_grad is False, and nothing is computed for it.",
        "w.grad and product.grad": "A gradient did pass through product, but "
        "it was only passed on. What is kept is that of the leaves.",
    },
    because="w is a leaf and asked. x did not ask. product is no leaf.",
)

# %% [markdown]
# The gradient of a value in between is passed on and then thrown away: in a large net, keeping them
# all would fill the memory. If you want to see one, say so before the pass, with `retain_grad()`.
#
# **Before you go on:** `w.grad` was [3, 4] after the first pass. What will it be after this second
# one?

# %%
product = w * x
product.retain_grad()
product.sum().backward()
print("product.grad", product.grad)
print("w.grad      ", w.grad)

# %% [predict]
predict.number(
    [6.0, 8.0],
    wrong={
        (3.0, 4.0): (
            "backward() does not replace what is in .grad. It adds to it, "
            "and [3, 4] was there already."
        ),
        (1.0, 1.0): (
            "That is the gradient of product. On its way to w it is "
            "multiplied by x, and then added to what was there."
        ),
        (9.0, 16.0): (
            "What arrives is added to what is there, not multiplied with it."
        ),
    },
    because="[3, 4] was there, and [3, 4] has arrived again.",
)

# %% [markdown]
# **Each backward pass adds to the `.grad` of the leaves**; it does not replace it. That is why
# training loops clear the gradients before each pass.
#
# You can see it in the picture of a pass: its last steps say what was there before. (A picture only
# shows what a pass *would* do.)

# %%
w.grad = None
(w * x).sum().backward()
print("after one pass ", w.grad)
print()
print(viz.backward((w * x).sum()))
print()
w.grad.zero_()
print("after zero_()  ", w.grad)

# %% [markdown]
# Must gradients always be cleared, then, and can those of several batches never be combined? They
# can, and the adding is *for* that. The gradient of a sum is the sum of the gradients. So if all your
# data do not fit in memory at once, run one batch after the other, do **not** clear in between, and
# take one step with the total.
#
# **Before you go on:** will the two lines at the end be equal?

# %%
batches = [ad.tensor([3.0, 4.0]), ad.tensor([-1.0, 2.0])]
w.grad = None
for batch in batches:
    ((w * batch).sum() ** 2).backward()
one_by_one = w.grad
w.grad = None
sum((w * batch).sum() ** 2 for batch in batches).backward()
print("one batch at a time:", one_by_one)
print("all in one loss:    ", w.grad)

# %% [predict]
predict.choice(
    "yes",
    options=("yes", "no"),
    wrong={
        "no": "Each pass adds its gradient to .grad. Nothing was cleared "
        "between the two, so .grad holds their sum at the end."
    },
    because="Clearing belongs *before the first* of the passes that you want "
    "to combine, and not between them.",
)

# %% [markdown]
# **The exercise:** combine the gradients of several batches, each counted by its share, so that the
# result is the gradient of the *mean* over the batches. And whatever an earlier pass has left in
# `w.grad` must not count.

# %% [exercise] batches

# %% [markdown]
# What adds up across passes are the leaves, and *only* the leaves. In between, every pass begins with
# nothing.
#
# **Before you go on:** middle = 3 * v, and result = middle ** 2. At v = 1 one pass gives v the
# gradient 18. And two passes, over the same graph?

# %%
v = ad.Scalar(1.0)
middle = v * 3
result = middle**2
result.backward(retain_graph=True)
print("v.grad after one pass", v.grad)
print()
print(viz.backward(result))

# %% [predict]
predict.gradient(
    lambda: (v * 3) ** 2,
    v,
    passes=2,
    wrong={
        18.0: "That is one pass. The second adds its 18 to it.",
    },
    because="18 and 18. In the second pass middle gets its gradient 6 anew, "
    "and not 6 on top of the 6 from before.",
)

# %% [markdown]
# Above, `retain_graph=True` asked the pass to keep what the nodes had saved. Otherwise a pass frees
# it as soon as it has been used.
#
# **Before you go on:** so what happens if you run `backward()` twice without it?

# %%
v = ad.tensor([1.0, 2.0], requires_grad=True)
squares = (v * v).sum()
squares.backward()
try:
    squares.backward()
except RuntimeError as error:
    print(viz.explain(error))

# %% [predict]
predict.choice(
    "an error",
    options=("v.grad doubles", "nothing changes", "an error"),
    wrong={
        "v.grad doubles": "It would, if the second pass could run. But the "
        "product has let go of its factors, which it needs for its rule.",
        "nothing changes": "A pass that cannot be made is not silently "
        "skipped.",
    },
    because="The values that the rules need are gone after the first pass.",
)

# %% [markdown]
# Nearly always the right fix is to compute the result again, as every training loop does. Do not
# paste `retain_graph=True` in to silence the message: it keeps the memory, and the passes *add up*.
#
# **Before you go on:** the derivative of the sum of squares is 2 * v, at v = [1, 2]. Somebody only
# wanted that, met the error, and pasted it in. What is in `v.grad` now?

# %%
v.grad = None
squares = (v * v).sum()
squares.backward(retain_graph=True)
squares.backward()
print("v.grad", v.grad)

# %% [predict]
predict.gradient(
    lambda: (v * v).sum(),
    v,
    passes=2,
    wrong={
        (2.0, 4.0): (
            "That is one pass, and what they wanted. The second pass added "
            "the same once more."
        ),
    },
    because="Twice [2, 4]: no error any more, and a wrong gradient.",
)

# %% [markdown]
# One more surprise, and a common one. A leaf is what *you* made. What `.double()`, `.to(...)` or
# `* 0.1` return is computed from it.
#
# **Before you go on:** `start` below will be trained, so it asks for a gradient, and then it is made
# double. Will `start.grad` be filled?

# %%
start = ad.tensor([1.0, 2.0], requires_grad=True).double()
(start**2).sum().backward()
print("start is a leaf:", start.is_leaf, "  and was made by", start.grad_fn)
with warnings.catch_warnings(action="ignore"):
    print("start.grad:", start.grad)
print(viz.why(start))

# %% [predict]
predict.choice(
    "no",
    options=("yes", "no"),
    wrong={
        "yes": "The gradient goes on to the float tensor that double() was "
        "applied to. That one is the leaf, and it has no name any more."
    },
    because="The name start belongs to the result of double(). The same "
    "happens with .to(device).",
)

# %% [markdown]
# **The exercise:** make that `start` properly: a *leaf* of float64 numbers, in a given scale, that
# keeps its gradient.

# %% [exercise] leaf

# %% [markdown]
# **What you take along**
#
# - A leaf is what you made. What is computed has a `grad_fn`, and a `.grad`
#   only if you call `retain_grad()` first.
# - `backward()` *adds* to the `.grad` of leaves. Clear it before a step's first
#   pass, and leave it alone between passes that you want to combine.
# - A pass frees what the forward pass saved. Compute again; do not reach for
#   `retain_graph=True`.
#
# One question is still open: in which order does the pass visit the nodes?
