"""The chain rule on a graph: run it as a script, or play it with `autodiff learn chain-rule`."""

# %% [markdown]
# Automatic differentiation is really just a jumped-up chain rule. This lesson shows all of it, on
# plain numbers.
#
# A `Scalar` is one Python float that remembers how it was computed. Here are three of them, and a
# formula.

# %%
import viz
from autodiff import Scalar

a = Scalar(2.0)
b = Scalar(-3.0)
c = Scalar(10.0)
d = a * b
loss = d + c
print(loss)

# %% [markdown]
# The formula has become a *graph*. Read it from the bottom up: `a` and `b` make `d`, then `d` and
# `c` make `loss`. Values that you created yourself are the *leaves*.

# %%
print(viz.graph(loss))

# %% [markdown]
# Each operation is so small that its derivatives fit on one line. They are called **local
# derivatives**:
#
# | operation | d out / d x | d out / d y |
# |---|---|---|
# | x + y | 1 | 1 |
# | x * y | y | x |
#
# So if `a` grows by a little, `d = a * b` grows `b` = -3 times as much. And `loss = d + c` grows
# exactly as much as `d`.
#
# **Before you go on:** how much does `loss` change when `a` grows by 0.001?

# %%
nudged = (2.0 + 0.001) * -3.0 + 10.0
print("loss was   ", loss.item())
print("loss is now", nudged)
print("change     ", round(nudged - loss.item(), 6), "= -3 * 0.001")

# %% [markdown]
# The chain rule says: along a path, multiply the local derivatives. From `loss` back to `a` they
# are 1 (for the sum) and `b` = -3 (for the product), so d loss / d a = 1 * -3 = -3.
#
# The *backward pass* does this for all leaves at once. It starts at the result with the gradient 1,
# and each operation sends to each of its operands: **its own gradient times the local derivative**.
# Below, `g` is the gradient of the operation at hand.

# %%
print(viz.backward(loss))

# %% [markdown]
# That was a picture of the pass. `backward()` runs it, and leaves the result in `.grad` of each
# leaf.
#
# **Before you go on:** what will `a.grad`, `b.grad` and `c.grad` be?

# %%
loss.backward()
print("a.grad =", a.grad)
print("b.grad =", b.grad)
print("c.grad =", c.grad)

# %% [markdown]
# What if a value is used twice? Take `x * x`, which should have the derivative `2 * x`. Both
# operands are `x`, so two contributions arrive at `x`, and **they add up**: a small change of `x`
# reaches the result along both ways.

# %%
x = Scalar(3.0)
square = x * x
print(viz.graph(square))
print()
print(viz.backward(square))

# %% [markdown]
# Now a classic. It is built from primitives: a logarithm, two powers, a quotient. Each has a rule
# of its own:
#
# | operation | local derivative |
# |---|---|
# | log(x) | 1 / x |
# | x ** n | n * x ** (n - 1) |
# | x / y | 1 / y, and -x / y ** 2 |

# %%
x = Scalar(2.0)
y = x.log() ** 2 / x**2
print(viz.graph(y))

# %% [markdown]
# Nobody has to work out the derivative of the whole formula. The backward pass applies one small
# rule at a time; find the two contributions that meet at `x`.

# %%
print(viz.backward(y))

# %% [markdown]
# The same pass can be stepped through in code: `backward_steps` does the real work, one step each
# time round the loop. This is the engine itself, not a copy made for lessons.

# %%
from autodiff.autograd import backward_steps

for step in backward_steps(y):
    print(f"step {step.index + 1}: {step.node!r:20} gradient {step.g:.4f}")

# %% [markdown]
# Is it right? By hand, with the quotient rule, the derivative is
# `2 * log(x) * (1 - log(x)) / x ** 3`. And without any calculus, nudge `x` both ways and measure the
# slope: a *finite difference*.
#
# **Before you go on:** how many digits will agree?

# %%
import math


def f(x):
    return math.log(x) ** 2 / x**2


h = 1e-6
print("backward pass    ", x.grad)
print("by hand          ", 2 * math.log(2) * (1 - math.log(2)) / 2**3)
print("finite difference", (f(2 + h) - f(2 - h)) / (2 * h))

# %% [markdown]
# The finite difference is only approximate, and it needs two evaluations for *each* input. The
# backward pass is exact to rounding, and one pass gives the derivatives with respect to *all*
# inputs. A net has millions of them: that is why it is done this way.
#
# To keep the picture, save it. SVG, PNG and PDF work.

# %%
import os
import tempfile

y = x.log() ** 2 / x**2
path = os.path.join(tempfile.mkdtemp(), "backward.svg")
viz.backward(y).save(path)
print(
    "wrote", os.path.basename(path), "with", os.path.getsize(path), "bytes"
)
