"""Derivatives of derivatives: a script, or play it with `autodiff learn second-derivatives`."""

# %% [markdown]
# A gradient is computed from numbers, by operations: products, sums, functions. So it has a graph of
# its own, if somebody records it, and can be differentiated like anything else.
#
# `create_graph=True` asks for that. `ad.autograd.grad` gives gradients back instead of adding them
# to `.grad`, which is handy here.
#
# **Before you go on:** y = x**3. What are its first and second derivatives at x = 2?

# %%
import autodiff as ad
import viz
from autodiff.autograd import grad

x = ad.Scalar(2.0)
y = x**3
(slope,) = grad(y, x, create_graph=True)
(bend,) = grad(slope, x)
print("y     ", y.item())
print("slope ", slope.item(), "  3 * x**2")
print("bend  ", bend.item(), "  6 * x")

# %% [markdown]
# This is the graph of `slope`. You can read the rule in it: g * (3 * x**2), with the g = 1 that the
# pass began with.
#
# **Before you go on:** `x` appears in the graph of y once. How often in the graph of its slope?

# %%
print(viz.graph(slope))

# %% [markdown]
# Without `create_graph` the gradient is a plain number, and there is nothing to differentiate.

# %%
(plain,) = grad(x**3, x)
try:
    grad(plain, x)
except RuntimeError as error:
    print(error)

# %% [markdown]
# What has a graph has a graph again. As long as something is left of the formula, you can go on.
#
# **Before you go on:** the derivatives of x**3 are 3x**2, 6x, 6, and then? Fill in the numbers at 2.
# The loop ends where a result has no graph any more.

# %%
value, order = x**3, 0
while order < 5:
    print(f"derivative {order}: {value.item()}")
    if value.grad_fn is None:
        break
    (value,) = grad(value, x, create_graph=True)
    order += 1

# %% [markdown]
# Why bother? The second derivative says how a slope changes, and so **how far a step may go**. Newton
# divides the slope by it: for a parabola that is the bottom in one step, whatever the start.
#
# **Before you go on:** the parabola below has its bottom at 5. Where are gradient descent, with a
# step length of 0.1, and Newton after one step from 0?


# %%
def parabola(x):
    return 3 * (x - 5) ** 2 + 7


x = ad.Scalar(0.0)
(slope,) = grad(parabola(x), x, create_graph=True)
(bend,) = grad(slope, x)
print("descent", x.item() - 0.1 * slope.item())
print("Newton ", x.item() - slope.item() / bend.item())

# %% [markdown]
# On a curve that is no parabola, Newton needs several steps, but each one doubles the number of right
# digits. Here it looks for the x where cos(x) is smallest, which is pi.

# %%
x = ad.Scalar(2.5)
for step in range(4):
    (slope,) = grad(x.cos(), x, create_graph=True)
    (bend,) = grad(slope, x)
    x = ad.Scalar(x.item() - slope.item() / bend.item())
    print(f"step {step + 1}   x = {x.item():.15f}")

# %% [markdown]
# With several inputs, the second derivatives are a matrix, the **Hessian**: how the slope along each
# input changes along each other one. `functional.hessian` works it out row by row.
#
# **Before you go on:** f = x * x * y. The slope along x is 2 * x * y. How does *that* change along x,
# and along y, at (3, 5)?

# %%
from autodiff.autograd import functional

point = ad.tensor([3.0, 5.0])
print(functional.hessian(lambda p: p[0] * p[0] * p[1], point))

# %% [markdown]
# For a million parameters that matrix has a million million entries. But the Hessian *times a vector*
# is cheap: differentiate slope-times-vector once more. That is all that most methods need.

# %%
p = ad.tensor([3.0, 5.0], requires_grad=True)
v = ad.tensor([1.0, 2.0])
(g,) = grad(p[0] * p[0] * p[1], p, create_graph=True)
(product,) = grad((g * v).sum(), p)
print("H @ v ", product)

# %% [markdown]
# Gradients can also be *part of a loss*. Below the loss asks a function to have the slope 2 at every
# point: it punishes the difference of its slope and 2. To learn from that, the slope is
# differentiated by the parameter.
#
# **Before you go on:** the function is a * x**2 on points around 1. Towards which `a` will it go?

# %%
a = ad.tensor(0.0, requires_grad=True)
optimizer = ad.optim.SGD([a], lr=0.05)
xs = ad.tensor([0.8, 1.0, 1.2], requires_grad=True)
for _ in range(100):
    optimizer.zero_grad()
    (slopes,) = grad((a * xs**2).sum(), xs, create_graph=True)
    ((slopes - 2) ** 2).mean().backward()
    optimizer.step()
print(f"a = {a.item():.4f}, so the slopes are", (2 * a * xs).detach())
