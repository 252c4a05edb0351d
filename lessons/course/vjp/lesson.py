"""From several numbers: vector-Jacobian products: or play it with `autodiff learn vjp`."""

from lessons import predict

# %% [markdown]
# So far a backward pass began at one number. What if the result is several? Then there is not *one*
# slope but a table of them: how each output changes with each input. That table is the **Jacobian**: a
# row for each output, a column for each input.
#
# **Before you go on:** y1 = 2 * x1 and y2 = x1 * x2. At x = (3, 5), fill in the four slopes, row by row.

# %%
import autodiff as ad
import viz
from autodiff.autograd import functional


def f(x):
    return ad.stack([2 * x[0], x[0] * x[1]])


x = ad.tensor([3.0, 5.0])
print("f(x)    ", f(x))
print("Jacobian")
print(functional.jacobian(f, x))

# %% [predict]
predict.number(
    functional.jacobian(f, x),
    wrong={
        (2.0, 5.0, 0.0, 3.0): (
            "These are the right numbers with rows and columns exchanged: "
            "a row belongs to an output."
        ),
        (2.0, 0.0, 3.0, 5.0): (
            "The first row is right. The slope of x1 * x2 along x1 is the "
            "*other* factor, x2."
        ),
        (6.0, 0.0, 5.0, 3.0): (
            "The slope of 2 * x1 is 2, wherever x1 is; 6 is its value."
        ),
    },
    because="y1 grows by 2 with x1 and not at all with x2. y2 grows by x2 "
    "with x1, and by x1 with x2.",
)

# %% [markdown]
# `backward()` will not guess which output you mean. It wants a number for each output: how much that
# output counts. Its name is `gradient`, because it is a gradient too: that of something later, with
# respect to these outputs.
#
# **Before you go on:** with the vector (1, 0) only the first output counts, and we see the first row,
# (2, 0). What do we see for (10, 1)?

# %%
x = ad.tensor([3.0, 5.0], requires_grad=True)
try:
    f(x).backward()
except RuntimeError as error:
    print(str(error).splitlines()[0])
for v in ([1.0, 0.0], [0.0, 1.0], [10.0, 1.0]):
    x.grad = None
    f(x).backward(gradient=ad.tensor(v))
    print(f"v = {v}   v @ J = {x.grad.tolist()}")

# %% [predict]
predict.number(
    x.grad,
    wrong={
        (20.0, 0.0): (
            "That is ten times the first row. The second row counts as "
            "well, once."
        ),
        (20.0, 3.0): (
            "In the first place both rows contribute: 10 * 2 and 1 * 5."
        ),
        (20.0, 53.0): (
            "That multiplies the table from the other side, J @ v. Back go "
            "the rows, weighted: 10 * (2, 0) + 1 * (5, 3)."
        ),
        (7.0, 3.0): ("That is v = (1, 1), the plain sum of the outputs."),
    },
    because="10 * (2, 0) + 1 * (5, 3): a weighted sum of the rows.",
)

# %% [markdown]
# One pass gives one **vector times the Jacobian**: a sum of its rows, weighted by v. The table itself
# is never built. For a million inputs and one output, the row is all there is, and one pass finds it:
# that is why training works backwards.
#
# And what happens at each *node* is the same. Each takes a vector v (the gradient that arrives) and
# hands back v times its own small Jacobian. Below, v = (10, 1) comes in at the top.
#
# **Before you go on:** the elementwise square has the slopes 2 * x. At x = (3, 5) and v = (10, 1), what
# arrives at x?

# %%
x.grad = None
print(viz.backward(x * x, ad.tensor([10.0, 1.0])))

# %% [predict]
predict.number(
    [60.0, 10.0],
    wrong={
        (6.0, 10.0): (
            "Those are the slopes, which is v = (1, 1). The first output "
            "counts ten times here."
        ),
        (90.0, 25.0): (
            "Those are the values x * x times v. What goes back are slopes "
            "times v."
        ),
        (30.0, 5.0): (
            "That is one of the two contributions: x is used twice."
        ),
        (70.0, 70.0): (
            "The outputs are not added up: output 1 depends on x1 alone."
        ),
    },
    because="10 * 6 and 1 * 10, each element by itself.",
)

# %% [markdown]
# For operations on each element alone the Jacobian is *diagonal*: output 1 depends on input 1 only. So
# the product is an ordinary one, element by element.
#
# **Before you go on:** so what is the whole Jacobian of the elementwise square at (3, 5)? (Four numbers.)

# %%
print(functional.jacobian(lambda x: x * x, ad.tensor([3.0, 5.0])))

# %% [predict]
predict.number(
    functional.jacobian(lambda x: x * x, ad.tensor([3.0, 5.0])),
    wrong={
        (6.0, 6.0, 10.0, 10.0): (
            "Each output depends on *its* input only: beside the diagonal "
            "there are zeros."
        ),
        (6.0, 10.0, 6.0, 10.0): (
            "Each output depends on *its* input only: beside the diagonal "
            "there are zeros."
        ),
        (9.0, 0.0, 0.0, 25.0): (
            "Those are the values. The slopes of x * x are 2 * x."
        ),
    },
    because="The slopes 6 and 10 on the diagonal, zeros beside it. Nobody "
    "builds that table: two numbers say it all.",
)

# %% [markdown]
# A sum has one output: its Jacobian is a row of ones. Going back, v times that row hands v to *every*
# input: a sum copies on the way back. The other way round, a value that is copied (broadcast) gets the
# *sum* of what comes back.
#
# **Before you go on:** `b`, two numbers, is added to each of three rows. What *shape* is its gradient?

# %%
rows = ad.ones(3, 2, requires_grad=True)
b = ad.tensor([10.0, 20.0], requires_grad=True)
total = (rows + b).sum()
total.backward()
print("rows.grad", rows.grad.tolist())
print("b.grad   ", b.grad.tolist())
print(viz.graph(total))

# %% [predict]
predict.shape(
    b.grad.shape,
    wrong={
        (3, 2): (
            "That is the shape of the sum rows + b, and of the gradient that "
            "comes back from it. It is summed over the three rows then."
        ),
        (): "A gradient has one number for each number of what it is of.",
        (3,): "The three rows are what is summed over.",
    },
    because="A gradient has the shape of what it belongs to. Each number of "
    "b was used in three rows, so three ones add up to 3.",
)

# %% [markdown]
# The Jacobian of a matrix product y = W @ x, with respect to x, is W itself. So going back is v @ W: the
# same matrix, used from the other side. That is the rule of every linear layer.
#
# **Before you go on:** W has 3 rows and 2 columns. What shape is the gradient that comes back to `x`?

# %%
W = ad.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
x = ad.tensor([1.0, 1.0], requires_grad=True)
v = ad.tensor([1.0, 0.0, 2.0])
(W @ x).backward(v)
print("by backward", x.grad)
print("v @ W      ", v @ W)

# %% [predict]
predict.shape(
    x.grad.shape,
    wrong={
        (3,): (
            "That is the shape of the output W @ x, and of v. Back comes "
            "one number for each *input*."
        ),
        (3, 2): (
            "That is the shape of W, and of the gradient of W if it asked."
        ),
    },
    because="Forward, W takes 2 numbers to 3. Backward, v @ W takes 3 to 2.",
)

# %% [markdown]
# If you want the whole Jacobian, ask once for each output: a pass gives a *row*. With many outputs and
# one input, a *column* would be better: how do all outputs change when the input does?
#
# Two passes give one, by a trick. The first computes u @ J, and is recorded itself (`create_graph=True`;
# a later lesson is about that). With one input that is the number u1 * J1 + u2 * J2 + ... Now
# differentiate it with respect to *u*: for u1 that gives J1, for u2 it gives J2. All together, the
# column. `jvp`, for Jacobian times vector, does just this.
#
# **Before you go on:** with 1 input and 1,000 outputs, how many passes does the Jacobian take row by row,
# and how many in this way? (Two numbers.)


# %%
def powers(t):
    return ad.stack([t, t**2, t**3, t**4])


t = ad.tensor(2.0, requires_grad=True)
u = ad.zeros(4, requires_grad=True)
(row,) = ad.autograd.grad(powers(t), t, u, create_graph=True)
(column,) = ad.autograd.grad(row, u)
print("two passes:       ", column)
print("jvp:              ", functional.jvp(powers, t, ad.tensor(1.0))[1])
print("jacobian, by rows:", functional.jacobian(powers, t))

# %% [predict]
predict.number(
    [1000, 2],
    wrong={
        (1, 2): (
            "The second is right. A backward pass gives one row, that is "
            "one *output*, and there are 1,000 of them."
        ),
        (1000, 1000): (
            "The first is right. The second way takes two passes for each "
            "*input*, and there is one."
        ),
        (1000, 1): (
            "The first is right. The second way takes two passes: one that "
            "is recorded, and one through that record."
        ),
        (2, 1000): (
            "The other way round: rows belong to outputs, columns to inputs."
        ),
    },
    because="A row for each output, a column for each input. Losses have one "
    "output and many inputs, so one plain pass is all that training needs.",
)

# %% [markdown]
# A use for v other than picking rows: weights. Say you trust the second sample twice as much. You may
# give its loss twice the weight. Or you leave the losses as they are, and give backward a v with a 2.
#
# **Before you go on:** will the two lines be equal?

# %%
data, target = ad.tensor([1.0, 2.0, 3.0]), ad.tensor([2.0, 3.0, 7.0])
weights = ad.tensor([1.0, 2.0, 1.0])
w = ad.tensor(1.0, requires_grad=True)
((w * data - target) ** 2).backward(gradient=weights)
print("by the vector:", w.grad)
w.grad = None
(weights * (w * data - target) ** 2).sum().backward()
print("by the loss:  ", w.grad)

# %% [predict]
predict.choice(
    "yes",
    options=("yes", "no"),
    wrong={
        "no": "Weighing and adding up is an operation like others, and its "
        "Jacobian is the row of the weights. So that row is the v which "
        "arrives at the losses."
    },
    because="y.backward(v) gives the same as (v * y).sum().backward().",
)

# %% [markdown]
# **The exercise:** write `jacobian` yourself, with `backward` and nothing else: a pass for each output,
# and a row from each pass. Mind what `.grad` does with the second pass.

# %% [exercise] rows

# %% [markdown]
# **What you take along**
#
# - The Jacobian is the table of all slopes. Nobody builds it: a backward pass
#   computes v times it, for the v that you pass as `gradient`.
# - Every node does the same in small. That is why it works for a million inputs.
# - A sum copies on the way back; what is copied gets a sum. A gradient has the
#   shape of what it belongs to.
#
# Gradients flow everywhere now. Sometimes they must not.
