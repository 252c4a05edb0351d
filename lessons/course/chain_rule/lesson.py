"""The chain rule on a graph: run it as a script, or play it with `autodiff learn chain-rule`."""

from lessons import predict

# %% [markdown]
# How does a computer differentiate a formula? Not as on paper. It takes the formula apart into
# operations so small that each has a derivative anybody can write down, and puts those together
# with the chain rule. This lesson shows all of it, on plain numbers.
#
# A `Scalar` is one Python float that remembers how it was computed. The values you create yourself
# are the *leaves*; `d` and `loss` are computed from them.

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
# Those lines have become a **graph**. Read it from the bottom up: `a` and `b` make `d`, then `d` and `c`
# make `loss`. Each line ends with the value.
#
# **Before you go on:** the code used two lines for it, with the name `d` in between. Which *single*
# expression in `a`, `b` and `c` has the same graph?

# %%
print(viz.graph(loss))

# %% [predict]
predict.graph(
    loss,
    wrong={
        "a * (b + c)": "That adds first and multiplies then. In the graph of "
        "loss, the sum is on top: it is done last.",
        "a + b + c": "The first operation, that of a and b, is a product.",
        "a * b": "That is d alone. c is still to be added.",
    },
    because="A graph knows operations and what they are applied to. Which "
    "of them got a name on the way makes no difference.",
)

# %% [markdown]
# The derivative of one operation with respect to one of its operands is called a **local
# derivative**. For the two operations here:
#
# | operation | with respect to x | with respect to y |
# |---|---|---|
# | x + y | 1 | 1 |
# | x * y | y | x |
#
# If `a` grows a little, then `d = a * b` grows `b` = -3 times as much. And `loss = d + c` grows
# exactly as much as `d`.
#
# **Before you go on:** how much does `loss` change when `a` grows by 0.001?

# %%
nudged = (2.0 + 0.001) * -3.0 + 10.0
print("loss was    ", loss.item())
print("loss is now ", nudged)
print("the change  ", round(nudged - loss.item(), 6))

# %% [predict]
predict.number(
    nudged - loss.item(),
    wrong={
        0.003: "The size is right. But b is negative: when a grows, the "
        "product becomes smaller.",
        0.001: "That is by how much a grows. The product multiplies it by b.",
        -3.0: "That is the derivative: the change for each whole 1 that a "
        "grows. Here a grows by 0.001 only.",
        3.997: "That is the new value. How far is it from the old one?",
    },
    because="a grows by 0.001, so d grows by -3 times that, and loss by as "
    "much as d.",
)

# %% [markdown]
# That is -3 * 0.001. **The chain rule: along a path, multiply the local derivatives.** From `loss`
# to `a` they are 1 (of the sum) and -3 (of the product). So the derivative is 1 * -3 = -3.
#
# The derivative of the *result* with respect to some value is that value's **gradient**. The *backward
# pass* finds it for all leaves at once. The result itself gets the gradient 1: it grows as fast as
# itself. Then each operation sends to each of its operands **its own gradient times the local
# derivative**. Below, `g` stands for the operation's own gradient.
#
# **Before you go on:** which three gradients will arrive at `a`, `b` and `c`?

# %%
print(viz.backward(loss))

# %% [predict]
predict.gradient(
    lambda: a * b + c,
    a,
    b,
    c,
    because="Each factor of the product gets the other factor; c is only "
    "added, so it gets the 1 as it is.",
)

# %% [markdown]
# That was a picture of the pass; nothing was changed by it. `backward()` runs it, and leaves the
# results in `.grad` of the leaves.

# %%
loss.backward()
print("a.grad =", a.grad)
print("b.grad =", b.grad)
print("c.grad =", c.grad)

# %% [markdown]
# What if a value is used twice? In `x * x` both operands are `x`. A small change of `x` reaches the
# result along both ways, so two contributions arrive at `x`, and **they add up**.
#
# **Before you go on:** `x` is 3, and two numbers arrive at it. So what is its gradient?

# %%
x = Scalar(3.0)
square = x * x
print(viz.graph(square))
print()
print(viz.backward(square))

# %% [predict]
predict.gradient(
    lambda: x * x,
    x,
    wrong={
        9.0: "9 is the value of x * x, and also what you get by multiplying "
        "the two contributions. They are added.",
    },
    because="Each way contributes the other factor, 3. Two ways, so 3 + 3.",
)

# %% [markdown]
# Now a classic: **log(x)² / x²**, at `x` = 2.
#
# Look for `x` in its graph: it is used in two places. The second time it is only named.

# %%
x = Scalar(2.0)
log_x = x.log()
top = log_x**2
bottom = x**2
y = top / bottom
print(viz.graph(y))

# %% [markdown]
# It needs three more rules:
#
# | operation | local derivative |
# |---|---|
# | log(x) | 1 / x |
# | x ** n | n * x ** (n - 1) |
# | x / y | 1 / y for x, and -x / y ** 2 for y |
#
# `grad(out, x)` gives the derivative of one value with respect to another. Asked across a single
# edge of the graph, that is the local derivative. (`retain_graph=True` keeps the graph, so that it can
# be asked again; why that is needed is told in two lessons from here.)
#
# **Before you go on:** what do the rules give from `top` to `log_x`, and from `bottom` to `x`? (Two
# numbers; the picture above has the values.)

# %%
from autodiff.autograd import grad

edges = {
    "from y to top       ": grad(y, top, retain_graph=True),
    "from y to bottom    ": grad(y, bottom, retain_graph=True),
    "from top to log_x   ": grad(top, log_x, retain_graph=True),
    "from log_x to x     ": grad(log_x, x, retain_graph=True),
    "from bottom to x    ": grad(bottom, x, retain_graph=True),
}
for edge, (local,) in edges.items():
    print(edge, f"{local.item():8.5f}")

# %% [predict]
predict.number(
    [2 * log_x.item(), 2 * x.item()],
    wrong={
        (0.4805, 4.0): (
            "Those are the values of top and bottom. A local derivative "
            "says how fast a value grows with its operand."
        ),
        (4.0, 4.0): (
            "The second is right. In top = log_x ** 2 it is log_x that is "
            "squared, not x: 2 * log_x."
        ),
        (1.3863, 2.0): (
            "The first is right. The second is 2 * x, and x is 2."
        ),
    },
    because="Both are squares: 2 * log_x and 2 * x. Each rule looks at its "
    "own operand only.",
)

# %% [markdown]
# There are two ways from `y` to `x`, over the top and over the bottom of the fraction. Multiply
# along each way, and add the two: 0.25 * 1.38629 * 0.5 + (-0.03003) * 4.
#
# Nobody has to work out the derivative of the whole formula. The backward pass applies one small
# rule at a time. Below, look for the two contributions that meet at `x`.
#
# **Before you go on:** take a calculator. What is the gradient of `x`?

# %%
print(viz.backward(y))

# %% [predict]
predict.gradient(
    lambda: x.log() ** 2 / x**2,
    x,
    wrong={
        0.1733: "That is what comes over the top. The way over the bottom "
        "adds its own contribution, which is negative.",
        -0.1201: "That is what comes over the bottom. The way over the top "
        "adds its own contribution.",
        0.2934: "Both sizes are right. The bottom's local derivative has a "
        "minus sign: a larger denominator makes a smaller fraction.",
    },
    because="0.1733 arrives over the top and -0.1201 over the bottom.",
)

# %% [markdown]
# The same pass can be stepped through in code. `backward_steps` is the engine itself, not a copy
# made for lessons. Each turn of the loop is one step: a node, the gradient `g` that has arrived
# there, and what it adds to the gradients of its operands. The last step writes `x.grad`.

# %%
from autodiff.autograd import backward_steps

for step in backward_steps(y):
    print(step.index + 1, step.node, "has the gradient", round(step.g, 5))
    for write in step.writes:
        if write is not None:
            print(
                "    adds", round(write.contribution, 5), "to", write.target
            )
print("x.grad =", x.grad)

# %% [markdown]
# Is it right? Work it out by hand, with the quotient rule, and you get
#
#     2 * log(x) * (1 - log(x)) / x ** 3
#
# Or forget all calculus: nudge `x` both ways and measure the slope. That is a *finite difference*.
#
# **Before you go on:** three ways to the same number. Which one will be a little off?

# %%
import math


def f(x):
    return math.log(x) ** 2 / x**2


h = 1e-6
print("backward pass     ", x.grad)
print("by hand           ", 2 * math.log(2) * (1 - math.log(2)) / 2**3)
print("finite difference ", (f(2 + h) - f(2 - h)) / (2 * h))

# %% [predict]
predict.choice(
    "finite difference",
    options=("backward pass", "by hand", "finite difference"),
    wrong={
        "backward pass": "It applies exact rules, and is as exact as the "
        "formula worked out by hand, but for rounding.",
        "by hand": "The quotient rule is exact.",
    },
    because="A slope measured between two points is not the slope at one "
    "point, and the difference of two nearly equal numbers loses digits.",
)

# %% [markdown]
# The finite difference is only approximate, and it costs two evaluations for *each* input. The
# backward pass is exact but for rounding, and one pass gives the derivatives with respect to *all*
# inputs. A net has thousands or billions of them: that is why it is done this way.
#
# You can also *walk* through a pass, forwards and back, with the arrow keys: press `t` (here, in the
# terminal), type `viz.backward(y).walk()`, and watch one gradient after the other arrive.
#
# And you can keep it: `save` writes a page that plays the pass in a browser, or a picture.

# %%
import tempfile
from pathlib import Path

top, bottom = x.log() ** 2, x**2
y = top / bottom
steps = viz.backward(y)
folder = Path(tempfile.mkdtemp())
for name in ("backward.html", "backward.svg", "backward.txt"):
    steps.save(folder / name)
    print(f"{name:13} {(folder / name).stat().st_size:6} bytes")
print(steps[1])

# %% [markdown]
# You can do without the engine: it is only the chain rule.
#
# **The exercise:** write the derivative of `sin(x**2) * x`, in plain Python. There are two ways from
# the result down to `x`. Multiply the local derivatives along each, and add the two. (The derivative
# of sin is cos.)

# %% [exercise] two-ways

# %% [markdown]
# **What you take along**
#
# - A formula is a graph of small operations, each with a local derivative that
#   fits into a table.
# - Along a path, multiply. Where paths meet, add. That is all.
# - One pass from the result down gives the derivative with respect to *every*
#   leaf.
#
# You have watched the engine do it. Next you do it yourself, on paper.
