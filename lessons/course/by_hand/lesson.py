"""Forward and backward by hand: a script, or play it with `autodiff learn by-hand`."""

from lessons import predict

# %% [markdown]
# In this lesson **you are the engine**. You fill in the numbers, and the real engine tells you whether
# you are right, and if not, which mistake gives your numbers. Have paper at hand. The graphs are
# small, and nothing needs more than mental arithmetic.
#
# First the *forward pass*: compute the values, from the leaves up. Read the code, as the picture will
# only appear afterwards.
#
# **Before you go on:** what are `d`, `e` and `loss`?

# %%
import viz
from autodiff import Scalar

a, b, c = Scalar(3.0), Scalar(2.0), Scalar(-1.0)
d = a * b
e = d + c
loss = d * e
print(viz.graph(loss))

# %% [predict]
predict.number(
    [d, e, loss],
    wrong={
        (5.0, 4.0, 20.0): ("d is the product of a and b, not their sum."),
        (6.0, 7.0, 42.0): ("c is -1, so the sum is smaller than d."),
        (6.0, 5.0, 11.0): ("The loss is a product: d times e."),
        (6.0, -6.0, -36.0): ("e is a sum: d plus c."),
    },
    because="3 * 2 = 6, then 6 - 1 = 5, then 6 * 5 = 30. Note that d is used "
    "twice: by e, and by loss.",
)

# %% [markdown]
# Now the *backward pass*, from the top down. `loss` begins with the gradient 1. Each operation sends
# to each operand its own gradient, times the local derivative:
#
# | operation | sends to x | sends to y |
# |---|---|---|
# | x + y | g | g |
# | x * y | g * y | g * x |
#
# **Before you go on:** the first step is `loss = d * e`. What does it send to `d`, and what to `e`?

# %%
steps = viz.backward(loss)
print(steps[0])

# %% [predict]
predict.number(
    [e, d],
    wrong={
        (6.0, 5.0): (
            "Those are their own values. The derivative of a product with "
            "respect to one factor is the *other* factor."
        ),
        (30.0, 30.0): (
            "That is the value of the product. Its gradient is 1, and the "
            "local derivatives are the other factors."
        ),
        (1.0, 1.0): (
            "That would be right for a sum. A product multiplies the "
            "gradient by the other factor."
        ),
        (2.0, 3.0): (
            "Those are the factors of d. This step is about loss = d * e."
        ),
    },
    because="To d goes 1 * e = 5, to e goes 1 * d = 6.",
)

# %% [markdown]
# Next is `e = d + c`. Its gradient is the 6 that has just arrived. `d` must wait: it has got 5, but `e`
# uses it too, and has not sent its part yet.
#
# **Before you go on:** what are the gradients of `d` and of `c` after this step?

# %%
print(steps[1])

# %% [predict]
predict.number(
    [e.item() + d.item(), d],
    wrong={
        (6.0, 6.0): (
            "The 6 has replaced the 5 at d. Both came, and both count: they "
            "add up."
        ),
        (5.0, 6.0): (
            "d keeps what it had, and the new contribution is added to it."
        ),
        (30.0, 6.0): (
            "Along one path local derivatives are multiplied. Here two "
            "paths meet, and their contributions are added."
        ),
        (6.0, 1.0): (
            "A sum sends its own gradient to both operands, and that is 6 "
            "here."
        ),
        (1.0, 1.0): (
            "1 is the *local* derivative of a sum. It is still multiplied by "
            "the gradient that arrived at e."
        ),
        (6.0, -6.0): (
            "A sum passes the gradient on as it is, whatever the value of "
            "the operand."
        ),
    },
    because="The sum sends 6 to both. At d it meets the 5 from before: 11.",
)

# %% [markdown]
# Now all that uses `d` has sent its part, so it is the turn of `d = a * b`.
#
# **Before you go on:** what are the gradients of `a`, `b` and `c` at the end of the pass?

# %%
print(steps)

# %% [predict]
predict.gradient(
    lambda: loss,
    a,
    b,
    c,
    because="d has the gradient 11: it sends 11 * b to a and 11 * a to b. "
    "And c has had its 6 since the step before.",
)

# %% [markdown]
# Wrong gradients are rarely random. Whoever makes *one* mistake all the time gets numbers that give
# the mistake away. Somebody's answer for this graph was 12, 18 and 6.
#
# **Before you go on:** what did they do?

# %%
from lessons.mutants import MUTANTS, true_gradients

right = true_gradients(loss, [a, b, c])
print("right                         ", right)
for engine in MUTANTS:
    answer = engine.answer(loss, [a, b, c])
    if answer != right:
        print(f"{engine.name:30}", answer)

# %% [predict]
predict.choice(
    "replaced a contribution",
    options=(
        "replaced a contribution",
        "swapped the two rules",
        "added along a path",
        "forgot the gradient from above",
    ),
    wrong={
        "added along a path": "Then sums of local derivatives would have "
        "come out. 12 and 18 are 6 times the factors 2 and 3.",
        "swapped the two rules": "Then a, with the factor "
        "2, would have the larger gradient.",
        "forgot the gradient from above": "Then the numbers would be "
        "local derivatives, as small as the values of a and b.",
    },
    because="At d, the 5 was replaced by the 6. Then 6 * 2 = 12, 6 * 3 = 18. "
    "Below are engines with one bug each, on this graph.",
)

# %% [markdown]
# Two rules with a minus sign:
#
# | operation | sends to x | sends to y |
# |---|---|---|
# | x - y | g | -g |
# | x / y | g / y | -g * x / y ** 2 |
#
# **Before you go on:** the fraction is (8 - 2) / 2 = 3. What are the gradients of `top`, `less` and
# `below`?

# %%
top, less, below = Scalar(8.0), Scalar(2.0), Scalar(2.0)
difference = top - less
fraction = difference / below
print(viz.backward(fraction))

# %% [predict]
predict.gradient(
    lambda: (top - less) / below,
    top,
    less,
    below,
    wrong={
        (0.5, -0.5, -0.75): (
            "The first two are right. For the last, the numerator is "
            "8 - 2 = 6, so it is -6 / 2 ** 2."
        ),
        (0.5, -0.5, -3.0): (
            "The first two are right. The last is divided by below "
            "*squared*: -6 / 4."
        ),
    },
    because="1 / 2 for the numerator, which goes to top as it is and to less "
    "with a minus; and -6 / 4 for what is divided by.",
)

# %% [markdown]
# `relu` is a gate: it lets a positive number through as it is, and makes 0 of a negative one. On the
# way back the gate does the same to the *gradient*: open, it passes it on; shut, it sends 0. What
# decides is the value in the forward pass, not the sign of the gradient.
#
# In the picture, a value without a name of its own goes by a number, such as `#3`; and `where(c, p, q)`
# is p where c holds, and q elsewhere.
#
# **Before you go on:** what are the gradients of `u` and `v`?

# %%
u, v = Scalar(-1.0), Scalar(3.0)
left = u.relu()
right = v.relu()
out = left * 5 + right * (-2)
print("out", out.item())
print(viz.backward(out))

# %% [predict]
predict.gradient(
    lambda: u.relu() * 5 + v.relu() * (-2),
    u,
    v,
    wrong={
        (5.0, -2.0): (
            "u is negative: its gate is shut, so a tiny change of u changes "
            "nothing."
        ),
        (0.0, 0.0): (
            "v is positive, so its gate is open, and the gradient -2 goes "
            "through. Gates look at the value, not at the gradient."
        ),
        (5.0, 0.0): (
            "It is the value in the forward pass that opens the gate, not "
            "the sign of the gradient."
        ),
        (0.0, -6.0): (
            "The gate passes on the gradient, -2, not the gradient times "
            "the value."
        ),
        (0.0, 2.0): (
            "The gate passes the gradient on as it is, minus sign included."
        ),
    },
    because="u's gate is shut: 0. v's gate is open: the -2 goes through.",
)

# %% [markdown]
# A neuron: weigh the input, add a bias, squash. The loss is the squared distance from 1.
#
# | operation | sends |
# |---|---|
# | y = tanh(x) | g * (1 - y ** 2) |
# | x ** 2 | g * 2 * x |
#
# **Before you go on:** tanh(0) is 0, so all numbers are easy. What are the gradients of `w` and `bias`?

# %%
x, w, bias = Scalar(2.0), Scalar(0.5), Scalar(-1.0)
z = w * x + bias
squashed = z.tanh()
distance = squashed - 1
loss = distance**2
print(viz.backward(loss))

# %% [predict]
predict.gradient(
    lambda: ((w * x + bias).tanh() - 1) ** 2,
    w,
    bias,
    wrong={
        (4.0, 2.0): (
            "The sizes are right. The distance is 0 - 1 = -1, so the square "
            "sends 2 * (-1)."
        ),
        (-2.0, -2.0): (
            "The bias is right. The weight's local derivative is the input, "
            "which is 2."
        ),
        (-1.0, -2.0): (
            "The bias is right. For the weight, multiply by the *other* "
            "factor: the input, not the weight."
        ),
        (0.0, 0.0): (
            "1 - y ** 2 is 1 at y = 0: there tanh is steepest, and lets "
            "everything through."
        ),
        (-2.0, -1.0): (
            "The derivative of the square is 2 times the distance."
        ),
    },
    because="Both are negative: a larger weight or bias would bring the "
    "output up, closer to 1, and so make the loss smaller.",
)

# %% [markdown]
# The same on tensors. A number that is broadcast is *used many times*, so the contributions of all
# uses add up, and its gradient is one number again. A gradient always has the shape of what it
# belongs to.
#
# **Before you go on:** `w` and `bias` are single numbers, `xs` three. What are the two gradients?

# %%
import autodiff as ad

xs = ad.tensor([1.0, 2.0, 4.0])
w = ad.tensor(0.5, requires_grad=True)
bias = ad.tensor(3.0, requires_grad=True)
total = (w * xs + bias).sum()
print(viz.backward(total))

# %% [predict]
predict.gradient(
    lambda: (w * xs + bias).sum(),
    w,
    bias,
    wrong={
        (7.0, 1.0): (
            "The weight is right. The bias too was used three times."
        ),
        (1.0, 1.0): (
            "1 is what arrives at each element. The weight's local "
            "derivatives are the xs, and all contributions add up."
        ),
        (3.5, 9.0): (
            "That is what w * xs and the biases add up to. The gradient "
            "says how fast the total grows with w, and with the bias."
        ),
    },
    because="The weight was multiplied by 1, 2 and 4: 7 in all. The bias was "
    "added three times.",
)

# %% [markdown]
# Your turn, without a table and without a picture.
#
# **The exercise:** fill in a whole ledger, values and gradients, for
#
#     u = x * y        v = u + x        loss = v ** 2
#
# Note how often `x` is used.

# %% [exercise] ledger

# %% [markdown]
# Last, write it as code: what you did with numbers, for any numbers. That is all that an engine does
# for you; in the last lesson of this course you will write the engine itself.
#
# **The exercise:** the loss of a neuron, and its gradients with respect to weight and bias, in plain Python.

# %% [exercise] neuron

# %% [markdown]
# **What you take along**
#
# - Forward: values, from the leaves up. Backward: each operation sends its own
#   gradient times the local derivative.
# - A value sends on only when *all* its contributions have arrived.
# - Wrong numbers tell which mistake made them. You can now read them.
#
# From here on you use tensors, and look at how the engine keeps its books.
