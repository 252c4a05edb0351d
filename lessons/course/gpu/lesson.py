"""The GPU: devices, moving, what runs where: a script, or play it with `autodiff learn gpu`."""

from lessons import predict

# %% [markdown]
# A tensor's numbers lie in some memory, and each device computes on its own memory only. So every tensor has a
# `device`: "cpu", or "cuda:0" for the first GPU. You need no GPU for this lesson: what it shows of one runs
# on a *simulated* GPU, which is slow, and obeys the same rules.
#
# This is how a program asks what there is. The last line is in almost every program that trains.
#
# **Before you go on:** on a machine *with* a GPU, where does `ad.ones(2)` live?

# %%
import autodiff as ad
import viz
from autodiff import nn

print("GPUs here:", ad.cuda.device_count(), ad.cuda.is_available())
print("ad.ones(2) is on", ad.ones(2).device)
device = ad.device("cuda" if ad.cuda.is_available() else "cpu")
print("this program computes on", device)

# %% [predict]
predict.choice(
    ad.ones(2).device.type,
    options=("cpu", "cuda"),
    wrong={"cuda": "Nothing goes to a GPU by itself: you have to ask."},
    because="Nothing moves silently. A tensor is made on the CPU unless you say"
    " device=..., and stays where it is until you move it.",
)

# %% [markdown]
# `x.to(device)` gives a copy on the device. Asking for a GPU where there is none is an error that says what to
# write instead.

# %%
try:
    print("a copy on", ad.ones(2).to("cuda").device)
except AssertionError as mistake:
    first, *rest = str(mistake).splitlines()
    print(first.replace(": ", ":\n  "), *rest, sep="\n")

# %% [markdown]
# What has to move? Everything that meets in an operation: the parameters, the buffers, each batch and its labels.
# Gradients and the optimizer's memory are made where the parameters are.
#
# **Before you go on:** a layer from 784 numbers to 128, in float32, which takes 4 bytes. How many bytes is its
# *weight*?

# %%
model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def size(tensors):
    return sum(t.numel() * t.element_size() for t in tensors)


weight = model[0].weight
batch = ad.zeros(64, 784)
parts = {
    "first weight": size([weight]),
    "all parameters": size(model.parameters()),
    "their gradients": size(model.parameters()),
    "a batch of 64": size([batch]),
}
print("bytes:")
for name, count in parts.items():
    seconds = count / 25e9
    print(
        f"  {name:15} {count:9,}  {seconds * 1e6:5.1f} us at 25 GB a second"
    )

# %% [predict]
predict.number(
    parts["first weight"],
    wrong={
        100352: "Those are the numbers. Each takes four bytes.",
        401920: "That includes the bias, 128 numbers more.",
    },
    because="784 * 128 numbers of 4 bytes.",
)

# %% [markdown]
# So parameters move once, and batches all the time. Does it pay? It depends on how much is computed with each
# number that moves. A sum of two vectors: one operation for three numbers. A product of two n x n matrices:
# `2 * n**3` operations for `3 * n**2` numbers.
#
# **Before you go on:** the matrices become twice as wide. By what does the work per byte grow?

# %%
print("   n   operations   bytes moved   operations per byte")
for n in (16, 128, 256, 1024):
    work, moved = 2 * n**3, 3 * n**2 * 4
    print(f"{n:4} {work:12,} {moved:13,} {work / moved:12.1f}")
print(
    "\nx + y of a million numbers:", round(1e6 / (3e6 * 4), 3), "per byte"
)

# %% [predict]
work_per_byte = {n: 2 * n**3 / (3 * n**2 * 4) for n in (128, 256)}
predict.number(
    work_per_byte[256] / work_per_byte[128],
    wrong={
        8.0: "That is how the work grows. The bytes grow too, by 4.",
        4.0: "That is how the bytes grow.",
        1.0: "Work grows by 8 and bytes by 4.",
    },
    because="8 / 4. Large products are what a GPU is for; a small graph is done on the"
    " CPU before the first number has arrived.",
)

# %% [markdown]
# `x.to(...)` does not change `x`: it *returns* the moved tensor. Forgetting to keep it is the first mistake
# everybody makes. (A change of dtype goes the same way, so you can see it here without a GPU.) Modules are
# different: `model.to(...)` moves the parameters of the model itself.
#
# **Before you go on:** what is `x.dtype` after the line `x.to(ad.float64)`?

# %%
x = ad.ones(2)
x.to(ad.float64)
after = x.dtype
print("x after x.to(...):        ", after)
x = x.to(ad.float64)
print("x after x = x.to(...):    ", x.dtype)
layer = nn.Linear(2, 1)
layer.to(ad.float64)
print("a layer after layer.to():", layer.weight.dtype)

# %% [predict]
predict.choice(
    str(after).removeprefix("autodiff."),
    options=("float32", "float64"),
    wrong={"float64": "to() makes a new tensor, and here nobody keeps it."},
    because="A tensor is never moved: to() gives another one. A module is.",
)

# %% [markdown]
# And this one costs hours. A weight is made with `requires_grad=True` and then moved. But moving is an operation,
# recorded like any other: what you hold afterwards is its *result*, and gradients land in the leaf, which you
# have lost.
#
# **Before you go on:** what is `w.grad` after `backward()`?

# %%
w = ad.tensor([1.0, -2.0], requires_grad=True).to(ad.float64)
loss = (w * w).sum()
print(viz.graph(loss))
loss.backward()
print()
print(viz.why(w))

# %% [predict]
predict.choice(
    "two numbers" if w.is_leaf else "None",
    options=("None", "two numbers", "zeros"),
    wrong={
        "two numbers": "They are in the .grad of the float32 leaf, to which nobody"
        " has a name any more.",
        "zeros": "Nothing was written to it at all.",
    },
    because="w is not a leaf. Make it where it is to be:"
    " ad.tensor(..., device=device, requires_grad=True), or move first and then"
    " call requires_grad_().",
)

# %% [markdown]
# It costs hours because it works on your laptop: where there is nothing to do, `to()` gives back the tensor itself.
#
# **Before you go on:** `w` is on the CPU. Is `w.to("cpu")` still a leaf?

# %%
w = ad.tensor([1.0, -2.0], requires_grad=True)
print('w.to("cpu") is w:  ', w.to("cpu") is w)
print('w.to("cpu").is_leaf', w.to("cpu").is_leaf)

# %% [predict]
predict.choice(
    "yes" if w.to("cpu").is_leaf else "no",
    options=("yes", "no"),
    wrong={
        "no": "It is there already, so nothing is done and nothing recorded."
    },
    because="The mistake shows only on the machine with a GPU.",
)

# %% [markdown]
# Mend the function that everybody writes first: a parameter on any device, of any dtype.

# %% [exercise] leaf

# %% [markdown]
# Now on a GPU, simulated: a program of its own, since the simulator must be chosen before anything else
# happens. The graph says where each value is, and where it crossed.
#
# **Before you go on:** the program adds a tensor on the GPU and one on the CPU. What happens?

# %%
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import autodiff as ad, viz
from textwrap import fill
print("GPUs:", ad.cuda.device_count())
here = ad.tensor([1.0, -2.0, 3.0], requires_grad=True)
there = here.to("cuda")
loss = (there * there).sum()
print(viz.graph(loss))
loss.backward()
print("here.grad ", here.grad)
print("there.grad", there.grad)
try:
    there + ad.ones(3)
except RuntimeError as mistake:
    print(fill(str(mistake).splitlines()[0], 76))
"""
root = str(Path(ad.__file__).parents[1])
settings = {"NUMBA_ENABLE_CUDASIM": "1", "PYTHONPATH": root}
done = subprocess.run(
    [sys.executable, "-W", "ignore", "-X", "utf8", "-c", PROGRAM],
    env=os.environ | settings,
    capture_output=True,
    encoding="utf-8",
)
print((done.stdout or done.stderr).strip())

# %% [predict]
predict.choice(
    "an error" if "same device" in done.stdout else "it moves one of them",
    options=("an error", "it moves one of them"),
    wrong={
        "it moves one of them": "A hidden copy in a loop could cost more than the"
        " computation, so nothing moves unless you say so."
    },
    because="A device computes on its own memory only. The backward pass, though,"
    " crosses where the forward pass did: `to` has a gradient rule.",
)

# %% [markdown]
# So a program that runs anywhere moves the model once, and each batch as it comes, and reads a number back
# only when somebody needs it. Write that loop; the check runs it on a simulated GPU.

# %% [exercise] train

# %% [markdown]
# **What you take along**
#
# - Nothing moves by itself. `model.to(device)` once; `x = x.to(device)` for each
#   batch, and keep what it returns.
# - Moving is an operation: what you hold afterwards is no leaf.
# - A GPU pays where much is computed with each number that moves.
