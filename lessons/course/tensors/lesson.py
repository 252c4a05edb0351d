"""Tensors: run it as a script, or play it with `autodiff learn tensors`."""

# %% [markdown]
# A **tensor** is a box of numbers: a single number, a row, a table, or a stack of tables. Everything
# in this course is made of them, and the names here are PyTorch's, so what you learn carries over.

# %%
import autodiff as ad

number = ad.tensor(3.5)
row = ad.tensor([1.0, 2.0, 3.0])
table = ad.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(number)
print(row)
print(table)

# %% [markdown]
# Each tensor has a **shape** (how many numbers in each dimension), a **dtype** (what kind of number)
# and a **device** (where it lives).
#
# **Before you go on:** what is the shape of `table`, and what is the shape of a single number?

# %%
for name, x in [("number", number), ("row", row), ("table", table)]:
    print(f"{name:7} shape {x.shape}, {x.dtype}, on {x.device}")

# %% [markdown]
# The dtype comes from the data: floats become `float32`, whole numbers `int64`, comparisons `bool`.
# Mixed operands meet in the wider kind.

# %%
whole = ad.tensor([1, 2, 3])
print(whole, whole.dtype)
print(row > 1.5)
print(whole + row, (whole + row).dtype)
print(whole / 2)

# %% [markdown]
# Operations work on all elements at once. `@` is the product of matrices: each row of the first
# with each column of the second.

# %%
print(table * 10)
print(table.sum(), table.sum(0), table.mean(1))
print(table @ table.T)

# %% [markdown]
# **Broadcasting.** Shapes need not be equal. They are lined up *from the right*; two sizes fit when
# they are equal, or when one of them is 1 (or missing), which is then repeated.
#
# ```
# table   2 x 3
# row         3      is used for both rows
# column  2 x 1      is used for all three columns
# ```

# %%
column = ad.tensor([[100.0], [200.0]])
print(table + row)
print(table + column)

# %% [markdown]
# When they do not fit, the message says which dimension is at fault.
#
# **Before you go on:** `table` is 2 x 3. Why can a row of *two* numbers not be added to it?

# %%
try:
    table + ad.tensor([10.0, 20.0])
except RuntimeError as error:
    print(error)

# %% [markdown]
# **Views.** Indexing with numbers and slices, reshaping and transposing copy nothing: the result
# looks at the same memory. So writing through a view changes the original.
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
# If you want memory of its own, ask for it with `clone()`. Picking elements by a list or a mask
# copies as well, because they can lie anywhere.

# %%
copy = grid.clone()
copy[0, 0] = -1.0
picked = grid[grid > 0]
picked[0] = 100.0
print(grid)
print(picked)

# %% [markdown]
# **In-place operations** end in an underscore, or are spelled `+=`: they write into the memory that
# is there instead of making a new tensor. Every view sees the change. Each tensor counts such writes
# in its *version*; you will see later why the backward pass wants to know.

# %%
x = ad.tensor([1.0, 2.0])
view = x[:1]
x.mul_(10)
x += 1
print(x, view)
print("version of x:", x._version, " of its view:", view._version)

# %% [markdown]
# **NumPy is next door.** `numpy()` and `from_numpy` share memory too, in both directions.

# %%
import numpy as np

array = np.array([1.0, 2.0, 3.0])
shared = ad.from_numpy(array)
array[0] = 50.0
shared[2] = 70.0
print(shared)
print(array)

# %% [markdown]
# Last, the reason for all this: with `requires_grad=True`, every operation on a tensor is recorded,
# so that it can be differentiated. A derivative asks what happens when a value changes *a tiny bit*.
#
# **Before you go on:** can a tensor of whole numbers require a gradient?

# %%
w = ad.tensor([1.0, 2.0], requires_grad=True)
print(w)
try:
    ad.tensor([1, 2], requires_grad=True)
except RuntimeError as error:
    print(error)
