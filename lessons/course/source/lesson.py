"""The backward pass as source code: a script, or play it with `autodiff learn source`."""

from lessons import predict

# %% [markdown]
# Every time you compute a loss, the engine records the same graph, and every time `backward()` walks the
# same nodes. If the graph is always the same, one could as well write it down once, as a program.
# `autodiff.compile` does: it records one call of your function and emits readable Python, for the forward
# and for the backward pass. You can read here what `backward()` really does.
#
# **Before you go on:** shapes and dtypes are known only when the function is called. Does `f` have a source
# before its first call?

# %%
import autodiff as ad
import viz


@ad.compile
def f(x):
    return (x * x + 1).sum()


x = ad.tensor([1.0, 2.0], requires_grad=True)
try:
    print(f.source)
    early = "yes"
except RuntimeError as mistake:
    early = "no"
    print(mistake)
print("f(x) is", f(x).item())
print("now it has", len(f.source.splitlines()), "lines of source")

# %% [predict]
predict.choice(
    early,
    options=("yes", "no"),
    wrong={
        "yes": "Before the call nothing is known about x, not even its shape."
    },
    because="The first call is recorded; its program is used from then on.",
)

# %% [markdown]
# The source begins with what goes in and out. Here is the rest. Each line of a loop is one operation of the
# graph, with its formula behind it; Numba turns the loops into machine code.
#
# **Before you go on:** find `g_x` in `loop_2`. Why are there *two* contributions?

# %%


import re


def body(function):
    """The source from the first loop on, its comments moved closer."""
    text = function.source
    lines = text[text.index("@loop") :]
    return re.sub(r"(\S)  +#", r"\1  #", lines).strip()


print(body(f))

# %% [predict]
predict.choice(
    "x is used twice",
    options=("x is used twice", "two elements", "two loops"),
    wrong={
        "two elements": "Those are what the loop is for: it runs twice.",
        "two loops": "The forward loop computes no gradients.",
    },
    because="x * x has two edges to x. Each sends g times the other factor, and"
    " what arrives adds up. That is all that accumulation is.",
)

# %% [markdown]
# Beside the graph: it has a node for each operation, and eager code runs through memory once for each.
# The program does them all in one loop over the elements, since each element needs only itself. That is
# called **fusing**.
#
# **Before you go on:** below are four operations on elements, and a sum. How many loops does the forward
# pass make of them?


# %%
@ad.compile
def g(a, b, c):
    d = a * b
    e = (d + c).tanh()
    return (e * e).sum()


a = ad.tensor([1.0, 2.0], requires_grad=True)
b = ad.tensor([0.5, -0.25], requires_grad=True)
c = ad.tensor([0.5, 1.0], requires_grad=True)
out = g(a, b, c)
print(viz.graph(g.function(a, b, c)))
print()
print(body(g).split("\n\n")[0])
forward = body(g).split("def forward")[1].split("def backward")[0]

# %% [predict]
predict.number(
    len(re.findall(r"loop_\d+\(", forward)),
    wrong={
        4: "That is what eager code does: one run through memory for each.",
        5: "Even the sum is done on the way.",
        2: "The sum fits into the same loop: it needs each element once.",
    },
    because="Element i of each result needs element i of the others only, so one"
    " loop can do all of it.",
)

# %% [markdown]
# What does the backward pass need from the forward pass? The last line of `forward` tells: results in the
# first brackets, what is *saved* in the second.
#
# **Before you go on:** the operations are a product, a sum with `c`, a tanh and a square. Which of `a`, `b`
# and `c` is *not* saved?

# %%
print(forward.strip().splitlines()[-1].strip())
print()
print(body(g).split("\n\n\n")[1])

# %% [predict]
_, saved = re.findall(r"\(([^)]*)\)", forward.strip().splitlines()[-1])
(unsaved,) = {"a", "b", "c"} - set(re.findall(r"\w+", saved))
predict.choice(
    unsaved,
    options=("a", "b", "c"),
    wrong={
        "a": "The rule of the product sends g times `a` to `b`.",
        "b": "The rule of the product sends g times `b` to `a`.",
    },
    because="The rule of a sum is g, whatever was added: `g_add` goes to c as it"
    " is. (`mul` is e * e, which the slope of tanh needs too: 1 - e * e.)",
)

# %% [markdown]
# `viz.compiled(g)` draws the recorded graph beside its program, and `alone=True` the program alone, with a frame
# around what runs in one loop. Eager code writes every result to memory and reads it again. Here a result that nobody needs outside of its loop is never written at all.
#
# **Before you go on:** the forward loop computes `d`, `add`, `e`, `mul` and the sum. How many of these five
# exist in the loop only?

# %%
program = viz.compiled(g, alone=True)
print(program)

# %% [predict]
forward_loop = str(program).split("loop_2")[0]
predict.number(
    forward_loop.count("only in the loop"),
    wrong={
        0: "Look for results without [i] in loop_1: they are plain variables.",
        3: "`e` and `mul` are saved for the backward pass, and the sum is what"
        " comes out. Two are left.",
        4: "`e` and `mul` are saved for the backward pass.",
    },
    because="`d` and `add` are used in the next line and never again. That memory"
    " is saved, and so is the time to write and read it.",
)

# %% [markdown]
# And it is the same gradient.

# %%
out.backward()
compiled = [p.grad for p in (a, b, c)]
for p in (a, b, c):
    p.grad = None
g.function(a, b, c).backward()
for name, p, other in zip("abc", (a, b, c), compiled, strict=True):
    print(f"{name}: compiled {other}   eager {p.grad}")

# %% [markdown]
# Write such a program yourself: a backward pass in straight lines, for a function in which a value is used
# twice.

# %% [exercise] backward

# %% [markdown]
# The function runs as Python only while it is recorded. What it does besides, such as printing, happens only
# then.
#
# **Before you go on:** three calls with two numbers each, then one call with three numbers. How often does
# "recording" appear?

# %%
recordings = []


@ad.compile
def noisy(x):
    recordings.append(x.shape)
    print("recording, with shape", list(x.shape))
    return x.exp().sum()


for numbers in ([1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [1.0, 2.0, 3.0]):
    print(round(noisy(ad.tensor(numbers)).item(), 3))

# %% [predict]
predict.number(
    len(recordings),
    wrong={
        4: "Calls with the shape of an earlier one run its program.",
        1: "A program is made for arrays of one shape: another shape is recorded"
        " anew.",
    },
    because="Once for each shape. Other dtypes, and other arguments that are no"
    " tensors, are recorded anew too.",
)

# %% [markdown]
# So the *values* of a tensor must not decide what Python does: the branch taken while recording would be taken
# for ever. The engine refuses to make such a program.
#
# **Before you go on:** which line is the trouble?


# %%
@ad.compile
def branching(x):
    y = x * 2
    if y.sum() > 0:
        return y.sum()
    return (y * y).sum()


try:
    branching(ad.tensor([1.0, 2.0]))
except RuntimeError as mistake:
    first, *rest = str(mistake).splitlines()
    print(first.split(" (")[0] + ".", *rest, sep="\n")

# %% [markdown]
# `where` computes both branches and chooses by element: that is a value like any other. Rewrite a loss with it.

# %% [exercise] choose

# %% [markdown]
# Work whose result nobody needs is left out, and so is a gradient that nobody asks for.
#
# **Before you go on:** below, `wasted` is computed and not used, and `y` asks for no gradient. Is there an
# `exp` in the source?


# %%
@ad.compile
def careful(x, y):
    wasted = (x * y).exp()
    return (x * y).sum()


x = ad.tensor([1.0, 2.0], requires_grad=True)
y = ad.tensor([3.0, 4.0])
careful(x, y).backward()
print(body(careful))

# %% [predict]
predict.choice(
    "yes" if "exp" in body(careful) else "no",
    options=("yes", "no"),
    wrong={
        "yes": "Nothing that is returned depends on it, so no line computes it."
    },
    because="The program is made backwards, from what is returned: what is not"
    " needed never comes up.",
)

# %% [markdown]
# A whole training step can be one program: forward, backward, and the optimizer's step. Read the function from
# top to bottom. There is nothing else to a step of training.

# %%
w = ad.zeros(2, requires_grad=True)
optimizer = ad.optim.SGD([w], lr=0.1)


@ad.compile
def step(x, y):
    optimizer.zero_grad()
    loss = ((w * x - y) ** 2).sum()
    loss.backward()
    optimizer.step()
    return loss


data = ad.tensor([1.0, 2.0])
losses = [step(data, 3 * data).item() for _ in range(30)]
print("losses", [round(loss, 3) for loss in losses[::10]])
print(body(step))

# %% [markdown]
# **What you take along**
#
# - A recorded graph can be written down as a program, forward and backward; you
#   have read one line by line, and written one.
# - Elementwise operations share one loop, and what only the loop needs is never
#   stored.
# - Values must not decide what Python does: `where` chooses instead.
