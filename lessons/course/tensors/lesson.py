"""Tensors: run it as a script, or play it with `autodiff learn tensors`."""

# %% [markdown]
# You buy two things: some at 3.00, some at 2.00. A **tensor** is a box of numbers; here is one for
# the prices and one for the amounts. Multiply them, add up, and you have the total.
#
# But this box remembers how it was computed, so the computation can be drawn. Such a picture is
# called a *graph*. Read it from the bottom up: `prices` and `amounts` make `cost`, and `cost` makes
# `total`.

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
# **Before you go on:** what is the shape of `table`? And the shape of a single number?

# %%
number = ad.tensor(3.5)
row = ad.tensor([1.0, 2.0, 3.0])
table = ad.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(table)
for name, x in [("number", number), ("row", row), ("table", table)]:
    print(f"{name:7} {x.shape}  {x.dtype}  on {x.device}")

# %% [markdown]
# The dtype comes from the data: numbers with a point become `float32`, whole numbers `int64`,
# comparisons `bool`. Where two kinds meet, the result has the one that can hold both.

# %%
whole = ad.tensor([1, 2, 3])
print(whole, whole.dtype)
print(row > 1.5)
print(whole + row, (whole + row).dtype)
print(whole / 2)

# %% [markdown]
# Operations work on all elements at once. `sum(0)` adds up along dimension 0, down the rows, and
# so leaves one number for each column. `@` is the product of matrices: each row of the first with
# each column of the second.

# %%
print(table * 10)
print(table.sum(), table.sum(0), table.sum(1))
print(table @ table.T)

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
# Nothing is copied for it.

# %%
column = ad.tensor([[100.0], [200.0]])
print(table + row)
print(table + column)

# %% [markdown]
# When the shapes do not fit, the message says which dimension is at fault.
#
# **Before you go on:** `table` has the shape 2 x 3, so two rows. Why can a row of *two* numbers not
# be added to it?

# %%
try:
    table + ad.tensor([10.0, 20.0])
except RuntimeError as error:
    print(error)

# %% [markdown]
# **Views.** Indexing with numbers and slices, reshaping and transposing copy nothing. The result
# looks at the same memory, so writing through it changes the original.
#
# **Before you go on:** what will `grid` look like?

# %%
grid = ad.zeros(2, 3)
first_row = grid[0]
first_row[1] = 7.0
flat = grid.view(6)
flat[5] = 9.0
print(grid)

# %% [markdown]
# If you want memory of its own, ask for it with `clone()`. Picking elements with a mask or a list
# copies too: they may lie anywhere, and no view can look at them all. So `grid` stays as it was.

# %%
copy = grid.clone()
copy[0, 0] = -1.0
picked = grid[grid > 0]
picked[0] = 100.0
print(grid)
print(picked)

# %% [markdown]
# **In-place operations** end in an underscore, or are spelled `+=`. They write into the memory that
# is there instead of making a new tensor, and every view sees it. The memory counts such writes in
# its *version*: the lesson on `grad_fn` shows what that is good for.
#
# **Before you go on:** `view` looks at the first number of `x`. What is it in the end?

# %%
x = ad.tensor([1.0, 2.0])
view = x[:1]
x.mul_(10)
x += 1
print(x)
print(view)
print("version of x:", x._version, " version of its view:", view._version)

# %% [markdown]
# **NumPy is next door.** `from_numpy` makes a tensor of an array, `numpy()` an array of a tensor.
# Both share memory: whoever writes, both change. And both keep the dtype, so NumPy's `float64`
# stays `float64`.

# %%
import numpy as np

array = np.array([1.0, 2.0, 3.0])
shared = ad.from_numpy(array)
array[0] = 50.0
shared[2] = 70.0
shared.numpy()[1] = 60.0
print(array)
print(shared)

# %% [markdown]
# Back to the shop. `prices` was made with `requires_grad=True`: that is why its computation was
# recorded. We want *derivatives*: what happens to the total when a price changes **a tiny bit**?
#
# **Before you go on:** can a tensor of whole numbers require a gradient?

# %%
try:
    ad.tensor([3, 2], requires_grad=True)
except RuntimeError as error:
    print(error)

# %% [markdown]
# If a price goes up by one cent, the total goes up by one cent *for each piece*. `backward()` walks
# the graph from `total` down, and leaves such a derivative for each price in `prices.grad`.
#
# **Before you go on:** so what will `prices.grad` be?

# %%
total.backward()
print("prices.grad ", prices.grad)
print()
print(viz.graph(total))
