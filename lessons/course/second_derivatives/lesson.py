"""Derivatives of derivatives: a script, or play it with `autodiff learn second-derivatives`."""

from lessons import predict

# %% [markdown]
# A gradient is computed from numbers, by operations: products, sums, functions. So it has a graph of
# its own, if somebody records it, and can be differentiated like anything else.
#
# `create_graph=True` asks for that. `ad.autograd.grad` gives gradients back instead of adding them
# to `.grad`, which is handy here.
#
# **Before you go on:** `y = x**3`. What are its first and second derivatives at x = 2?

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

# %% [predict]
predict.number(
    [slope, bend],
    wrong={
        (8.0, 12.0): "8 is y itself. Its first derivative is `3 * x**2`.",
        (12.0, 6.0): "6 is the third derivative. The second is 6 * x, "
        "and x is 2.",
        (12.0, 144.0): "That is the slope squared. The second derivative "
        "is the slope of the slope.",
    },
    because="`3 * x**2` and `6 * x` happen to be equal at x = 2.",
)

# %% [markdown]
# This is the graph of `slope`. You can read the rule in it: `g * (3 * x**2)`, with the g = 1 that
# the pass began with.
#
# **Before you go on:** `x` appears in the graph of y once. How often in the graph of its slope?

# %%
print(viz.graph(slope))

# %% [predict]
predict.number(
    str(viz.graph(slope)).count("leaf"),
    wrong={
        2.0: "The rule is `3 * x**2`, not `3 * x * x`: it uses a power."
    },
    because="The rule of a power, `3 * x**2`, uses x once, in a power again.",
)

# %% [markdown]
# Without `create_graph` the gradient is a plain number, and there is nothing to differentiate.

# %%
(plain,) = grad(x**3, x)
try:
    grad(plain, x)
except RuntimeError as error:
    print(error)

# %% [markdown]
# What has a graph can be differentiated, and the result has a graph again. You can go on as often as
# you like.
#
# **Before you go on:** the derivatives of `x**3` are `3 * x**2`, `6 * x`, and then? Which numbers will
# it print for the derivatives 3 and 4, at x = 2?

# %%
values = [x**3]
for _ in range(4):
    values += grad(values[-1], x, create_graph=True)
for order, value in enumerate(values):
    print(f"derivative {order}: {value.item()}")

# %% [predict]
predict.number(
    values[3:],
    wrong={
        (12.0, 6.0): "Those are the derivatives 2 and 3.",
        (6.0, 6.0): "The third derivative is 6 wherever x is, so it does "
        "not react to x.",
    },
    because="6 * x has the slope 6 everywhere, and a constant has none.",
)

# %% [markdown]
# `backward(create_graph=True)` does the same, but leaves the gradient in `.grad`, and `.grad` *adds
# up*. So the second derivative lands on top of the first.
#
# **Before you go on:** at x = 3 the derivatives of `x**3` are 27 and 18. What will the last line print?

# %%
x = ad.Scalar(3.0)
(x**3).backward(create_graph=True)
first = x.grad
print("after one pass ", first.item())
first.backward()
print("after the other", x.grad.item())

# %% [predict]
predict.number(
    x.grad,
    wrong={
        18.0: "18 is the second derivative, but the second pass does not "
        "replace what the first left in `.grad`.",
    },
    because="Leaves add up what passes bring them: 27 and 18. For higher "
    "derivatives use `grad`, which adds to nothing.",
)

# %% [markdown]
# Why bother? The second derivative says how a slope changes, and so **how far a step may go**. Newton
# divides the slope by it: for a parabola that leads to the bottom in one step, whatever the start.
#
# **Before you go on:** the parabola below has its bottom at 5. Where are gradient descent, with a
# step length of 0.1, and Newton after one step from 0?


# %%
def parabola(x):
    return 3 * (x - 5) ** 2 + 7


x = ad.Scalar(0.0)
(slope,) = grad(parabola(x), x, create_graph=True)
(bend,) = grad(slope, x)
descent = x.item() - 0.1 * slope.item()
newton = x.item() - slope.item() / bend.item()
print("slope", slope.item(), " bend", bend.item())
print("descent", descent)
print("Newton ", newton)

# %% [predict]
predict.number(
    [descent, newton],
    wrong={
        (-3.0, 5.0): "The slope at 0 is -30: descent goes *against* it, to "
        "the right.",
        (-3.0, -5.0): "The slope at 0 is -30: a step goes *against* it.",
    },
    because="The slope at 0 is 6 * (0 - 5) = -30 and the bend 6: descent "
    "goes 0.1 * 30 far, Newton 30 / 6.",
)

# %% [markdown]
# On a curve that is no parabola, Newton needs several steps, but each one multiplies the number of right
# digits. Here it looks for the x where cos(x) is smallest, which is pi.

# %%
import math

x = ad.Scalar(2.5)
for step in range(4):
    (slope,) = grad(x.cos(), x, create_graph=True)
    (bend,) = grad(slope, x)
    x = ad.Scalar(x.item() - slope.item() / bend.item())
    off = abs(x.item() - math.pi)
    print(f"step {step + 1}   x = {x.item():.15f}   off by {off:.0e}")

# %% [markdown]
# Now you. A warning: there are two methods of Newton. This one looks for the place where the *slope*
# is 0; the other, for the place where the function is.

# %% [exercise] newton

# %% [markdown]
# With several inputs, the second derivatives are a matrix, the **Hessian**: how the slope along each
# input changes along each other one. `functional.hessian` works it out row by row.
#
# **Before you go on:** `f = x * x * y`. Its slopes are `2 * x * y` and `x * x`. How does each change
# along x, and along y, at (3, 5)? Four numbers.

# %%
from autodiff.autograd import functional


def f(p):
    return p[0] * p[0] * p[1]


hessian = functional.hessian(f, ad.tensor([3.0, 5.0]))
print(hessian)

# %% [predict]
predict.number(
    hessian,
    wrong={
        (30.0, 6.0, 6.0, 9.0): "30 and 9 are the slopes themselves.",
        (10.0, 0.0, 0.0, 0.0): "The slope along x is 2 * x * y: it changes "
        "along y too. Only the diagonal is not the whole Hessian.",
    },
    because="2 * x * y changes by 2 * y = 10 along x and 2 * x = 6 along y; "
    "x * x by 2 * x = 6 and 0. The matrix is its own mirror image.",
)

# %% [markdown]
# For a million parameters that matrix has a million million entries. But the Hessian *times a vector*
# is cheap, and all that most methods need. The slopes are `g`. The number `(g * v).sum()` is the
# slope in the direction `v`; how it changes along each input is H @ v. Two backward passes, no
# matrix.
#
# **Before you go on:** with the Hessian from above and v = (1, 2), what is H @ v?

# %%
p = ad.tensor([3.0, 5.0], requires_grad=True)
v = ad.tensor([1.0, 2.0])
(g,) = grad(f(p), p, create_graph=True)
(product,) = grad((g * v).sum(), p)
print("the matrix times v", hessian @ v)
print("without a matrix  ", product)

# %% [predict]
predict.number(
    product,
    wrong={
        (30.0, 18.0): "That is the gradient times v, element by element: "
        "no second derivative is in it.",
        (16.0, 12.0): "Those are the sums of the rows times v. Each row "
        "meets all of v: 10 * 1 + 6 * 2.",
    },
    because="10 * 1 + 6 * 2 and 6 * 1 + 0 * 2.",
)

# %% [markdown]
# Gradients can also be *part of a loss*. Below the loss asks a function to have the slope 2 at every
# point: it punishes the difference of its slope and 2. To learn from that, the slope is
# differentiated by the parameter.
#
# **Before you go on:** the function is `a * x**2`, and the points lie around 1. Near which number will
# `a` end?

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

# %% [predict]
predict.number(
    a,
    within=0.05,
    wrong={2.0: "With a = 2 the slope at 1 would be 4: it is 2 * a * x."},
    because="The slope of `a * x**2` is `2 * a * x`: 2 at x = 1 for "
    "a = 1. It cannot be 2 at all three points, so `a` is a compromise.",
)

# %% [markdown]
# The last exercise is the step before: a Hessian times a vector, for any function.

# %% [exercise] hessian-vector

# %% [markdown]
# **What you take along**
#
# - With `create_graph=True` a gradient has a graph of its own, and can be
#   differentiated again.
# - The second derivative says how far a step may go: Newton's method.
# - A Hessian times a vector costs two passes, and no matrix.
#
# That was the engine. From the next lesson on it is put to work: it learns.
