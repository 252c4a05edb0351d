"""From several numbers: vector-Jacobian products: or play it with `autodiff learn vjp`."""

# %% [markdown]
# So far a backward pass began at one number. What if the result is several? Then there is not *one*
# slope but a table of them: how each output changes with each input. That table is the **Jacobian**: a
# row for each output, a column for each input.
#
# **Before you go on:** y1 = 2 * x1 and y2 = x1 * x2. At x = (3, 5), fill in the four slopes.

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

# %% [markdown]
# `backward()` will not guess which output you mean. It wants a number for each output: how much that
# output counts. Its name is `gradient`, because it is the gradient of something later by these
# outputs.
#
# **Before you go on:** with the vector (1, 0) only the first output counts. Which row will we see?

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

# %% [markdown]
# One pass gives one **vector times the Jacobian**: a sum of its rows, weighted by v. The table itself
# is never built. For a million inputs and one output, the row is all there is, and one pass finds it:
# that is why training works backwards.
#
# And what happens at each *node* is the same. Each takes a vector v (the gradient that arrives) and
# hands back v times its own small Jacobian. Below, v = (10, 1) comes in from the right.

# %%
x.grad = None
print(viz.backward(x * x, ad.tensor([10.0, 1.0])))

# %% [markdown]
# For operations on each element alone the Jacobian is *diagonal*: output 1 depends on input 1 only. So
# the product is an ordinary one, element by element.
#
# **Before you go on:** what is the Jacobian of the elementwise square at (3, 5)?

# %%
print(functional.jacobian(lambda x: x * x, ad.tensor([3.0, 5.0])))

# %% [markdown]
# A sum has one output: its Jacobian is a row of ones. Going back, v times that row hands v to *every*
# input: a sum copies on the way back. The other way round, a value that is copied (broadcast) gets the
# *sum* of what comes back.
#
# **Before you go on:** `b` is added to each of three rows. What will its gradient be?

# %%
rows = ad.ones(3, 2, requires_grad=True)
b = ad.tensor([10.0, 20.0], requires_grad=True)
total = (rows + b).sum()
total.backward()
print("rows.grad", rows.grad.tolist())
print("b.grad   ", b.grad.tolist())
print(viz.graph(total))

# %% [markdown]
# A matrix product y = W @ x has W itself as its Jacobian by x. So going back is v @ W: the same matrix,
# used from the other side. That is the rule of every linear layer.

# %%
W = ad.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
x = ad.tensor([1.0, 1.0], requires_grad=True)
v = ad.tensor([1.0, 0.0, 2.0])
(W @ x).backward(v)
print("by backward", x.grad)
print("v @ W      ", v @ W)

# %% [markdown]
# If you do want the whole Jacobian, you ask once for each output. With many outputs and few inputs it
# is cheaper to go *forwards*: Jacobian times vector, a column at a time. `jvp` does that.
#
# **Before you go on:** with 1 input and 1,000 outputs, how many backward passes does the Jacobian take,
# and how many forward ones?


# %%
def powers(t):
    return ad.stack([t, t**2, t**3, t**4])


t = ad.tensor(2.0)
_, column = functional.jvp(powers, t, ad.tensor(1.0))
print("one forward pass:", column)
print("four backward:   ", functional.jacobian(powers, t))

# %% [markdown]
# Last, a use for v other than picking rows: weights. Say you trust the second sample twice as much.
# Give its loss twice the weight, or give backward a v with a 2: it is the same.
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
