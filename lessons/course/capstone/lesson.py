"""Your own engine in 100 lines: a script, or play it with `autodiff learn capstone`."""

from lessons import predict

# %% [markdown]
# You know all that is needed to write an engine yourself. It takes four things: values that remember
# how they were computed, an order, a rule for each operation, and a place where gradients add up. You
# will build them one after the other, and this course's pictures will draw *your* values.
#
# Here is the beginning: a value knows its number, its operands, and a sign for the operation. It can
# only add. `viz.adapt` tells the pictures how to read such a class.
#
# **Before you go on:** in `a + b + a`, how many different values are there, leaves and results
# together?

# %%
import viz
from autodiff import Scalar


class Value:
    def __init__(self, data, operands=(), op=""):
        self.data, self.operands, self.op = data, operands, op

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), "+")


viz.adapt(
    Value,
    operands=lambda value: value.operands,
    op=lambda value: value.op,
    grad=lambda value: None,
)
a, b = Value(2.0), Value(-3.0)
out = a + b + a
print(viz.graph(out))

# %% [predict]
everything, found = [out], set()
while everything:
    value = everything.pop()
    found.add(value)
    everything += value.operands
predict.number(
    len(found),
    wrong={
        5: "The second `a` is the same value as the first: it is used twice.",
        3: "Also what lies between counts: a + b is a value of its own.",
        2: "Each `+` makes a value too.",
    },
    because="a, b, a + b, and the result. One value may be used many times.",
)

# %% [markdown]
# Python calls `a.__add__(b)` for `a + b`, and `b.__radd__(2.0)` for `2.0 + b`, where the number on the left
# does not know what to do. With that, make values that also multiply, and that get on with plain
# numbers on either side. When your check passes, it prints your graph.

# %% [exercise] record

# %% [markdown]
# Next, the order. The simplest way to walk a graph is a function that calls itself for each operand. It
# visits a value once for every *path* that leads to it, and paths multiply.
#
# **Before you go on:** `b = a + a`, `c = b + b`, and so on, ten times. That makes 11 values. How many
# visits does the recursion make, about?


# %%
def visits(value):
    return 1 + sum(visits(operand) for operand in value.operands)


for doublings in (1, 2, 3, 10):
    out = Value(1.0)
    for _ in range(doublings):
        out = out + out
    values = doublings + 1
    print(f"{doublings:2} doublings: {values} values, {visits(out)} visits")

# %% [predict]
predict.number(
    float(visits(out)),
    within=0.03,
    wrong={
        11: "That would be one visit each. Nothing stops the recursion from"
        " coming back.",
        21: "Two visits for each value but the last? Each of those visits makes"
        " two more.",
        1024: "That many reach the leaf. The visits on the way there count too.",
    },
    because="1 + 2 + 4 + ... + 1024: one visit for each path from the top.",
)

# %% [markdown]
# And it is not only slow. A gradient may be sent on only when *all* contributions have arrived, so a
# value must come after everything that uses it. That is a **topological order**. It takes one visit for
# each value, and a stack of its own, since Python's gives up at about a thousand calls.

# %% [exercise] order

# %% [markdown]
# Then the rules. For each operation, a function from the gradient `g` of its result to what it sends to each
# operand. Let the value keep it as `rule`: for a sum it is `lambda g: (g, g)`. Given to `viz.adapt` as
# `vjp`, it lets the pictures step through your backward pass.
#
# **Before you go on:** a product a * b with a = 2 and b = 3 is given g = 5. What does it send to `a`, and
# what to `b`?


# %%
class Value:
    def __init__(self, data, operands=(), op="", rule=None):
        self.data, self.grad = data, 0.0
        self.operands, self.op, self.rule = operands, op, rule

    def __add__(self, other):
        operands = (self, other)
        data = self.data + other.data
        return Value(data, operands, "+", lambda g: (g, g))


viz.adapt(
    Value,
    operands=lambda value: value.operands,
    op=lambda value: value.op,
    vjp=lambda value, g: value.rule(g),
)
a, b = Value(2.0), Value(3.0)
print("A sum, in the engine above:")
print(viz.backward(a + b, 5.0))
a, b = Scalar(2.0), Scalar(3.0)
print("\nA product, in autodiff:")
print(viz.backward(a * b, 5.0))

# %% [predict]
a, b = Scalar(2.0), Scalar(3.0)
predict.gradient(
    lambda: a * b * 5.0,
    a,
    b,
    wrong={
        (3, 2): "Those are the local derivatives. Each is multiplied by g."
    },
    because="g times the other factor: 5 * 3 and 5 * 2.",
)

# %% [markdown]
# Last, the place where gradients add up. Leaves keep theirs from pass to pass. Values in between must not:
# what arrived there belongs to one pass. Many a small engine forgets that, this one too.
#
# **Before you go on:** `mid = a + a` and `out = mid + mid`. One pass gives `a.grad` = 4. What does this
# engine say after a *second* pass?


# %%
def faulty_backward(ordered):
    """Users come before what they use."""
    ordered[0].grad = 1.0
    for value in ordered:
        if value.operands:
            sent = value.rule(value.grad)
            for operand, g in zip(value.operands, sent, strict=True):
                operand.grad += g


a = Value(1.0)
mid = a + a
out = mid + mid
for number in (1, 2):
    faulty_backward([out, mid, a])
    print(f"pass {number}: mid.grad {mid.grad}  a.grad {a.grad}")

x = Scalar(1.0)
middle = x + x
result = middle + middle
result.backward(retain_graph=True)
result.backward()
print("autodiff, after two:", x.grad)

# %% [predict]
predict.number(
    a.grad,
    wrong={
        8.0: "That would be right: 4 from each pass. But `mid` still holds the 2"
        " of the first pass when the second begins.",
        4.0: "Leaves add up from pass to pass.",
    },
    because="In the second pass mid.grad goes from 2 to 4, and all of it is sent"
    " on: 4 + 2 * 4 = 12. Keep what arrives in a dict that lives for one pass.",
)

# %% [markdown]
# What is it all for? A program that learns, written in nothing but operators: it does not know which engine it
# runs on. Here is one neuron that learns "and", on autodiff's Scalars; the check of the last exercise
# runs it on your values.
#
# **Before you go on:** below, how many leaves does the graph of one loss have that are *learned*?

# %%
SAMPLES = [((0, 0), -1), ((0, 1), -1), ((1, 0), -1), ((1, 1), 1)]


def neuron(Value, steps):
    weights = [Value(0.5), Value(-0.5), Value(0.0)]
    for _ in range(steps):
        loss = 0.0
        for (p, q), target in SAMPLES:
            x, y, bias = weights
            loss = loss + ((x * p + y * q + bias).tanh() - target) ** 2
        for weight in weights:
            weight.grad = 0.0
        loss.backward()
        for weight in weights:
            weight.data -= 0.1 * weight.grad
    return weights, loss


weights, loss = neuron(Scalar, steps=100)
print("loss", round(float(loss.data), 4))
x, y, bias = (weight.data for weight in weights)
print([f"{p} and {q}: {x * p + y * q + bias > 0}" for (p, q), _ in SAMPLES])
x, y, bias = weights
print(viz.graph((x * 1 + y * 0 + bias).tanh()))

# %% [predict]
predict.number(
    len(weights),
    wrong={
        2: "Two weights, and the bias is learned too.",
        12: "The four samples use the same three values.",
    },
    because="Two weights and a bias. The samples are plain numbers.",
)

# %% [markdown]
# Now the whole engine: sums, products, powers, exp, log, tanh, relu, and `backward()`. A hundred lines are
# plenty. Take what you wrote for the first two exercises, and keep a `rule` in each value.
#
# The check runs your engine beside autodiff on many programs, steps through its backward pass, lets it
# train the neuron, and draws its graph. What it draws in the end is yours from the first line to the last.

# %% [exercise] engine

# %% [markdown]
# **What you take along**
#
# - You have written what `loss.backward()` does: values that remember, an order,
#   a rule for each operation, and a place where contributions add up.
# - Nothing of it is magic, and all of it fits on two pages.
#
# Where to go from here: put `viz.backward(loss).walk()` into a program of your own, or into one of
# PyTorch's; read `autodiff/graph.py`, the engine of this course, which you will recognise; and change
# something.
