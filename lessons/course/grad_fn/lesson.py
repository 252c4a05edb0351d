"""grad_fn, leaves and accumulation: a script, or play it with `autodiff learn grad-fn`."""

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

# %% [markdown]
# One input that asks is enough. The nodes are linked: the `next_functions` of a node are the nodes
# it sends gradients to. The chain ends in `AccumulateGrad`, which adds what arrives to the `.grad`
# of its leaf. Nothing leads to `x`, so there is a None in its place.
#
# `saved: y` means: for the gradient of its first factor the product needs the second one, so it
# keeps it. The sum keeps nothing.

# %%
print(loss.grad_fn)
print(loss.grad_fn.next_functions)
print(product.grad_fn.next_functions)
print()
print(viz.grad_fn(loss))

# %% [markdown]
# `loss` is w1 * x1 + w2 * x2.
#
# **Before you go on:** what will `w.grad` be after `backward()`? And `x.grad`, and `product.grad`?

# %%
loss.backward()
print("w.grad      ", w.grad)
print("x.grad      ", x.grad)
with warnings.catch_warnings(record=True, action="always") as notes:
    print("product.grad", product.grad)
print(*(note.message for note in notes))

# %% [markdown]
# `x.grad` is None because `x` did not ask. `product.grad` is None because `product` is no leaf: the
# gradient of a value in between is passed on and then thrown away. A common surprise: `w.double()`
# or `w * 1` is such a value too, and no leaf, though `w` is one.
#
# If you want to see such a gradient, say so before the pass, with `retain_grad()`.

# %%
product = w * x
product.retain_grad()
product.sum().backward()
print("product.grad", product.grad)
print("w.grad      ", w.grad)

# %% [markdown]
# `w.grad` was [3, 4], and now it has doubled. **Each backward pass adds to the `.grad` of the
# leaves**; it does not replace it. Values in between start each pass from nothing.
#
# So training loops clear the gradients before each pass. And if you *want* to combine the gradients
# of several batches, simply do not clear them in between: that is what the adding is for.
#
# **Before you go on:** which three lines will this print?

# %%
w.grad = None
(w * x).sum().backward()
print("after one pass", w.grad)
(w * x).sum().backward()
print("after another ", w.grad)
w.grad.zero_()
print("after zero_() ", w.grad)

# %% [markdown]
# Adding up also happens *within* one pass, at every value that is used more than once. Here `a` is
# used twice, and so is `b`.
#
# **Before you go on:** c is 4 * a. So what must `a.grad` be, and how does it come about?

# %%
a = ad.Scalar(2.0)
b = a + a
c = b + b
print(viz.graph(c))
print()
print(viz.backward(c))

# %% [markdown]
# `b` waited until *both* of its contributions had arrived, and only then sent its gradient on. That
# is what the **topological order** is for: a node's turn comes after all nodes that use it.
#
# Plain recursion does not wait. It follows every way from the result to the leaf, and visits `b`
# twice and `a` four times. Here we count, for n such lines in a row.

# %%
from autodiff.graph import topological_order


def visits(node):
    return 1 + sum(visits(below) for below, _ in node.next_functions)


print(" n  recursion  in order")
for n in (2, 4, 8, 16):
    y = ad.Scalar(1.0)
    for _ in range(n):
        y = y + y
    ordered = len(topological_order([y.grad_fn]))
    print(f"{n:2} {visits(y.grad_fn):10} {ordered:9}")

# %% [markdown]
# A backward pass frees what the nodes had saved, as soon as it has used it.
#
# **Before you go on:** so what happens if you run `backward()` twice on the same result?

# %%
v = ad.tensor([1.0, 2.0], requires_grad=True)
squares = (v * v).sum()
squares.backward()
try:
    squares.backward()
except RuntimeError as error:
    print(error)

# %% [markdown]
# Nearly always the right fix is to compute the result again, as every training loop does.
# `retain_graph=True` keeps what was saved for another pass. Do not paste it in to silence the
# message: the passes *add up* in `.grad`.
#
# **Before you go on:** the derivative of the sum of squares is 2 * v. What will `v.grad` be here?

# %%
v.grad = None
squares = (v * v).sum()
squares.backward(retain_graph=True)
squares.backward()
print("v.grad", v.grad)

# %% [markdown]
# What was saved must also be unchanged, and each tensor's *version* tells. Both results below are
# changed in place. The square needs only its *input* for the gradient. But the derivative of exp(v)
# is exp(v), so `exp` saved its *output*.
#
# **Before you go on:** which of the two will fail?

# %%
v.grad = None
square = v**2
square += 1
square.sum().backward()
print("v.grad", v.grad)
exponential = v.exp()
exponential += 1
try:
    exponential.sum().backward()
except RuntimeError as error:
    print(error)

# %% [markdown]
# Recording can be switched off. Under `no_grad()` results have no `grad_fn`, and leaves may be
# changed in place: that is how an optimizer takes its step. `detach()` cuts off *one* value: the
# same numbers, but no gradient goes through it.
#
# **Before you go on:** `t * t` is 9 and has the derivative `2 * t`, which is 6. What will `t.grad` be
# when one of the two factors is frozen?

# %%
t = ad.tensor(3.0, requires_grad=True)
frozen = t.detach()
out = t * frozen
out.backward()
print(viz.graph(out))
with ad.no_grad():
    print("grad_fn under no_grad:", (t * t).grad_fn)
    t -= 0.1 * t.grad
print("t after a small step: ", t)

# %% [markdown]
# A backward pass starts at a *single number*. A result of several numbers has a whole matrix of
# derivatives: a row for each output, a column for each input (the *Jacobian*). The pass never builds
# it. You say how much each output counts, in the vector `gradient`, and get **that vector times the
# Jacobian**.
#
# **Before you go on:** the derivatives of u * u are 2, 4 and 6. What does the vector [1, 0, 10] make
# of them?

# %%
u = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
out = u * u
try:
    out.backward()
except RuntimeError as error:
    print(error)
out.backward(gradient=ad.tensor([1.0, 0.0, 10.0]))
print()
print("u.grad", u.grad)
