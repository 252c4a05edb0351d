"""grad_fn, leaves and accumulation: a script, or play it with `autodiff learn grad-fn`."""

# %% [markdown]
# A tensor that you create with `requires_grad=True` is a **leaf**: the start of a recording. What is
# computed from it carries a `grad_fn`, the node that knows how to send gradients back.

# %%
import autodiff as ad
import viz

w = ad.tensor([1.0, 2.0], requires_grad=True)
x = ad.tensor([3.0, 4.0])
product = w * x
loss = product.sum()
print("w      ", w, " leaf:", w.is_leaf)
print("x      ", x, " leaf:", x.is_leaf)
print("product", product, " leaf:", product.is_leaf)
print("loss   ", loss)

# %% [markdown]
# The nodes are linked: `next_functions` of a node lists the nodes its gradients go to. The chain
# ends in `AccumulateGrad`, which adds what arrives to the `.grad` of its leaf. `x` does not require a
# gradient, so nothing leads to it.

# %%
print(loss.grad_fn)
print(loss.grad_fn.next_functions)
print()
print(viz.grad_fn(loss))

# %% [markdown]
# `saved: y` means: to send a gradient to `w`, the product needs the *other* factor, so it keeps `x`.
# The sum needs nothing but a shape.
#
# **Before you go on:** what will `w.grad` be? And `x.grad`, and `product.grad`?

# %%
loss.backward()
print("w.grad      ", w.grad)
print("x.grad      ", x.grad)
print("product.grad", product.grad)

# %% [markdown]
# `x.grad` is None because `x` did not ask. `product.grad` is None because it is no leaf: gradients of
# intermediate values are used and thrown away. If you want to look at one, say so first, with
# `retain_grad()`.

# %%
product = w * x
product.retain_grad()
product.sum().backward()
print("product.grad", product.grad)
print("w.grad      ", w.grad)

# %% [markdown]
# Look again: `w.grad` has *doubled*. **Each backward pass adds to `.grad` of the leaves**; it does not
# replace it. That is useful (the gradients of several batches can be summed that way) and it is why
# training loops clear the gradients before each pass.

# %%
w.grad = None
(w * x).sum().backward()
print("after one pass  ", w.grad)
(w * x).sum().backward()
print("after another   ", w.grad)
w.grad.zero_()
print("after zero_()   ", w.grad)

# %% [markdown]
# Adding up also happens *within* one pass, at every value that is used more than once. Here `b` is
# used twice, and so is `a`.
#
# **Before you go on:** c = 4 a. So what must `a.grad` be?

# %%
a = ad.Scalar(2.0)
b = a + a
c = b + b
print(viz.backward(c))

# %% [markdown]
# `b` waited until *both* of its contributions had arrived, and only then sent its gradient on. That
# is what the **topological order** is for: a node's turn comes after all nodes that use it.
#
# Naive recursion does not wait. It visits `b` once for each use, and the work doubles with every
# such line: 30 of them would take a billion visits. The engine visits each node once.

# %%
from autodiff.graph import topological_order

y = ad.Scalar(1.0)
for _ in range(30):
    y = y + y
print("value:", y.item())
print("nodes and leaves visited:", len(topological_order([y.grad_fn])))

# %% [markdown]
# After a backward pass, the values that were saved for it are freed.
#
# **Before you go on:** what happens if you run `backward()` twice on the same result?

# %%
v = ad.tensor([1.0, 2.0], requires_grad=True)
squares = (v * v).sum()
squares.backward()
try:
    squares.backward()
except RuntimeError as error:
    print(error)

# %% [markdown]
# The usual mend is to compute the result again, as every training loop does. `retain_graph=True`
# keeps the values for another pass. It is rarely what you want: the two passes *add up* in `.grad`.

# %%
v.grad = None
squares = (v * v).sum()
squares.backward(retain_graph=True)
squares.backward()
print("v.grad", v.grad, " = twice 2 * v")

# %% [markdown]
# Recording can be switched off. Under `no_grad()` results are plain values, and leaves may be changed
# in place, as an optimizer does. `detach()` gives one value without its history.

# %%
with ad.no_grad():
    doubled = v * 2
    v -= 0.1 * v.grad
print(doubled, " requires grad:", doubled.requires_grad)
print(v)
print((v * 2).detach())

# %% [markdown]
# A backward pass starts at a *single number*. A result of several numbers has a whole matrix of
# derivatives (the Jacobian). So the pass needs to know how much each of them counts: the vector
# `gradient`, and what it computes is that vector times the Jacobian.

# %%
u = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
out = u * u
try:
    out.backward()
except RuntimeError as error:
    print(error)
out.backward(gradient=ad.tensor([1.0, 0.0, 10.0]))
print()
print("u.grad", u.grad, " = [1, 0, 10] * 2 * u")
