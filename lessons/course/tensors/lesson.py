"""Tensors: run it as a script, or play it with `autodiff learn tensors`."""

from lessons import predict

# %% [markdown]
# You buy two things: some at 3.00, some at 2.00. A **tensor** is a box of numbers; here is one for
# the prices and one for the amounts. Multiply them, add up, and you have the total.
#
# But this box remembers how it was computed, so the computation can be drawn. Such a picture is
# called a *graph*. Read it from the bottom up: `prices` and `amounts` make `cost`, and `cost` makes
# `total`. (`prices` is called a *leaf*: a value that you made, and whose effect we will ask for.)

# %%
import autodiff as ad
import viz

prices = ad.tensor([3.0, 2.0], requires_grad=True)
amounts = ad.tensor([4.0, 6.0])
cost = prices * amounts
total = cost.sum()
print(viz.graph(total))

# %% [markdown]
# We come back to that picture at the end. First the boxes. A tensor can be a single number, a row,
# a table, or a stack of tables. It has a **shape** (how many numbers in each dimension), a **dtype**
# (what kind of number) and a **device** (where it lives). All names here are PyTorch's, so what you
# learn carries over.
#
# **Before you go on:** what is the shape of `table`?

# %%
number = ad.tensor(3.5)
row = ad.tensor([1.0, 2.0, 3.0])
table = ad.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(table)
for name, x in [("number", number), ("row", row), ("table", table)]:
    print(f"{name:7} {x.shape}  {x.dtype}  on {x.device}")

# %% [predict]
predict.shape(
    table.shape,
    wrong={
        (3, 2): (
            "That is columns first. A shape starts with the outermost "
            "brackets: they hold two rows."
        ),
        (6,): (
            "That is how many numbers there are. The shape says how they "
            "are arranged, one size for each dimension."
        ),
        (2,): (
            "Two is the number of dimensions, or of rows. The shape has "
            "one size for each dimension."
        ),
    },
    because="Two rows of three. A single number has no dimension at all: "
    "its shape is empty.",
)

# %% [markdown]
# The dtype comes from the data: numbers with a point become `float32`, whole numbers `int64`,
# comparisons `bool`. Where two kinds meet, the result has one that can hold both *kinds*.
#
# **Before you go on:** `whole` has the dtype int64, `row` has float32. And their sum?

# %%
whole = ad.tensor([1, 2, 3])
print(whole, whole.dtype)
print(row > 1.5)
print(whole + row, (whole + row).dtype)
print(whole / 2)

# %% [predict]
predict.choice(
    "float32",
    options=("int64", "float32", "float64"),
    wrong={
        "int64": "Then the digits behind the point would be lost.",
        "float64": "NumPy says so, since float32 cannot hold every int64. "
        "Tensors keep the float type that is there.",
    },
    because="Floats win over whole numbers, whatever their sizes.",
)

# %% [markdown]
# Operations work on all elements at once. `sum(0)` adds up *along* dimension 0: it walks down the
# rows. `@` is the product of matrices: each row of the first with each column of the second.
#
# **Before you go on:** `table` has the shape 2 x 3. What is the shape of `table.sum(0)`?

# %%
print(table * 10)
print(table.sum(), table.sum(0), table.sum(1))
print(table @ table.T)

# %% [predict]
predict.shape(
    table.sum(0).shape,
    wrong={
        (2,): (
            "That is sum(1). The dimension that you name is the one that "
            "goes away, and dimension 0 has the size 2."
        ),
        (1, 3): (
            "With keepdim=True it would. Otherwise the dimension goes "
            "away altogether."
        ),
        (): "That is sum() of everything.",
    },
    because="Dimension 0, of size 2, is gone. What is left has size 3: one "
    "sum for each column.",
)

# %% [markdown]
# **Broadcasting.** Shapes need not be equal. They are lined up *from the right*. Two sizes fit when
# they are equal, or when one of them is 1 or missing: then it is repeated.
#
# ```
# table   2 x 3
# row         3      used for both rows
# column  2 x 1      used for all three columns
# ```
#
# Nothing is copied for it. When shapes do not fit, the message says which dimension is at fault.

# %%
column = ad.tensor([[100.0], [200.0]])
print(table + row)
print(table + column)
try:
    table + ad.tensor([10.0, 20.0])
except RuntimeError as error:
    print(error)

# %% [markdown]
# Worse than shapes that do not fit are shapes that fit by accident. Here are three guesses, and the
# three right answers as a column. You want the three differences.
#
# **Before you go on:** what is the shape of `guesses - answers`?

# %%
guesses = ad.tensor([1.0, 2.0, 3.0])
answers = ad.tensor([[1.0], [2.0], [3.0]])
print(guesses - answers)
print("mean, by accident:", (guesses - answers).abs().mean())
print("mean, as meant:   ", (guesses - answers.squeeze(1)).abs().mean())

# %% [predict]
predict.shape(
    (guesses - answers).shape,
    wrong={
        (3,): (
            "That is what was meant. But a row of 3 and a column of 3 x 1 "
            "are lined up from the right: each is repeated for the other."
        ),
        (3, 1): (
            "The row would have to become a column by itself. Lined up "
            "from the right, it is repeated for each row instead."
        ),
    },
    because="Every guess minus every answer: nine numbers. The guesses are "
    "all right, and yet the mean error is not zero.",
)

# %% [markdown]
# Your turn. An exercise is a file of your own: open it, replace what is missing, and save it. It is
# checked at once, and there are hints.
#
# **The exercise:** each row of a table holds what one shop sold of each thing. Turn every number
# into its share of *its own row*, so that the shares of each row make 1 in all. Mind what you have just
# seen: the wrong shape may fit.

# %% [exercise] shares

# %% [markdown]
# **Views.** Indexing with numbers and slices, `view` and transposing copy nothing. The result looks at
# the same memory, so writing through it changes the original. Picking with a mask or a list
# copies: such elements may lie anywhere, and no view can look at them all. `clone()` copies too.
#
# **Before you go on:** what are the two numbers that are printed last?

# %%
grid = ad.zeros(2, 3)
first_row = grid[0]
first_row[1] = 7.0
copy = grid.clone()
copy[0, 0] = -1.0
picked = grid[grid > 0]
picked[0] = 100.0
flat = grid.view(6)
flat[5] = 9.0
print(grid)
print(grid[0, 1], grid[1, 2])

# %% [predict]
predict.number(
    [grid[0, 1], grid[1, 2]],
    wrong={
        (0.0, 0.0): (
            "A row and a flat view are no copies: they look at the "
            "memory of the grid."
        ),
        (7.0, 0.0): (
            "view(6) arranges the same six numbers in another way, "
            "and copies nothing."
        ),
        (100.0, 9.0): (
            "Picking with a mask copies. Only writing with it, as "
            "in grid[grid > 0] = 100, reaches the grid."
        ),
        (100.0, 0.0): (
            "It is the other way round: picking with a mask "
            "copies, and view(6) does not."
        ),
    },
    because="The row and the flat view share the memory of the grid; the "
    "clone and what was picked have memory of their own.",
)

# %% [markdown]
# **In-place operations** end in an underscore, or are spelled `+=`. They write into the memory that
# is there, and every view sees it. The memory counts such writes in its *version*, of which more in
# the lesson on writing in place. `x = x + 1` is different: it makes a new tensor, and gives it the
# name `x`.
#
# **Before you go on:** `view` looks at the first number of `x`. What is it in the end?

# %%
x = ad.tensor([1.0, 2.0])
view = x[:1]
x.mul_(10)
x += 1
print("versions:", x._version, view._version)
x = x + 1
print("x       ", x)
print("view    ", view)

# %% [predict]
predict.number(
    view,
    wrong={
        1.0: "A view has no numbers of its own: mul_ and += write into the "
        "memory that it looks at.",
        12.0: "x = x + 1 makes a new tensor. The view looks at the old one.",
        10.0: "x += 1 writes in place, too.",
    },
    because="1 * 10 + 1, written in place. The last line changed what the "
    "name x stands for, and no memory.",
)

# %% [markdown]
# **NumPy is next door.** `from_numpy` makes a tensor of an array, `numpy()` an array of a tensor.
# Both share memory: whoever writes, both change. `ad.tensor(array)` copies. All keep the dtype, so
# NumPy's `float64` stays `float64`.
#
# **Before you go on:** what are the three numbers in `array` in the end?

# %%
import numpy as np

array = np.array([1.0, 2.0, 3.0])
shared = ad.from_numpy(array)
own = ad.tensor(array)
array[0] = 50.0
shared[2] = 70.0
own[1] = 60.0
print(array)
print(shared)
print(own)

# %% [predict]
predict.number(
    list(array),
    wrong={
        (50.0, 2.0, 3.0): (
            "from_numpy copies nothing: the tensor looks at "
            "the array's memory, and writes there."
        ),
        (50.0, 60.0, 70.0): (
            "ad.tensor always copies, so the 60 went into "
            "memory of its own."
        ),
    },
    because="The array and `shared` are one memory; `own` is a copy.",
)

# %% [markdown]
# Back to the shop. `prices` was made with `requires_grad=True`: that is why its computation was
# recorded. It asks for a *gradient*, which we come to in a moment. NumPy records nothing, so such a
# tensor is not handed over just so.
#
# **Before you go on:** what will `total.numpy()` give?

# %%
try:
    print(total.numpy())
except RuntimeError as error:
    print(error)
print(total.detach().numpy(), "or as a Python number:", total.item())

# %% [predict]
predict.choice(
    "an error",
    options=("an array", "an error", "zero"),
    wrong={
        "an array": "Then whatever NumPy computed of it would be missing "
        "from the graph, without a word. You have to say that you mean it.",
        "zero": "No number is made up: the total is 24, or nothing at all.",
    },
    because="detach() says: from here on, just the numbers.",
)

# %% [markdown]
# We want *derivatives*: what happens to the total when a price changes **a tiny bit**? That is a
# question for numbers that can change a tiny bit.
#
# **Before you go on:** can a tensor of whole numbers require a gradient?

# %%
try:
    ad.tensor([3, 2], requires_grad=True)
except RuntimeError as error:
    print(error)
print(ad.tensor([3.0, 2.0], requires_grad=True))

# %% [predict]
predict.choice(
    "no",
    options=("yes", "no"),
    wrong={
        "yes": "Between 3 and 4 there is no whole number, so there is no "
        "tiny change. Write 3.0, or say dtype=ad.float32."
    },
    because="Only floats can. An index or a label is data: it is given, "
    "and nothing to be learned.",
)

# %% [markdown]
# If a price goes up by one cent, the total goes up by one cent *for each piece*. `backward()` walks
# the graph from `total` down, and leaves such a derivative for each price in `prices.grad`. Together
# they are the **gradient** of `total` with respect to `prices`: one derivative for each number.
#
# **Before you go on:** so what will `prices.grad` be? (Two numbers.)

# %%
total.backward()
print("prices.grad ", prices.grad)
print()
print(viz.graph(total))

# %% [predict]
predict.gradient(
    lambda: (prices * amounts).sum(),
    prices,
    wrong={
        (12.0, 12.0): (
            "Those are the costs. The gradient says how fast the "
            "total changes when a price does."
        ),
        (24.0, 24.0): (
            "That is the total. The gradient says how fast it "
            "changes when a price does."
        ),
    },
    because="Four pieces at the first price, six at the second.",
)

# %% [markdown]
# Last, a bug that everybody writes once. Somebody wanted a copy of a table with the first row set to
# zero, and the table itself as it was. What they wrote changes the table.
#
# **The exercise:** mend it.

# %% [exercise] untouched

# %% [markdown]
# **What you take along**
#
# - A shape says how numbers are arranged; sizes are lined up from the right,
#   and what fits by accident is worse than what does not fit.
# - A slice is a view: writing to it writes to the original. `clone()` copies.
# - A tensor that asks for a gradient remembers how it was computed, and
#   `backward()` leaves in `.grad` how fast the result changes with each number.
#
# How does `backward()` find those derivatives? You need one rule of calculus for that, and a picture.
