"""A line fitted by hand, then with nn: a script, or play it with `autodiff learn regression`."""

from lessons import predict

# %% [markdown]
# The smallest model that learns: a straight line. We give it points and let gradients find the line.
# The points come from `y = 3 * x - 1`, so we know what should come out.
#
# Are input, gradient and parameter synonyms? No. An **input** is what you give the model: here `x`.
# A **parameter** is a number inside the model that training changes: here `w` and `b`. A **gradient**
# says how the loss reacts to a parameter. It belongs to that parameter, and sits in its `.grad`.
#
# **Before you go on:** `y` is the *target*: what should come out. Which of the four will have a
# `.grad`?

# %%
import autodiff as ad
import viz

x = ad.tensor([0.0, 1.0, 2.0, 3.0])
y = 3 * x - 1
w = ad.tensor(0.0, requires_grad=True)
b = ad.tensor(0.0, requires_grad=True)

loss = ((w * x + b - y) ** 2).mean()
loss.backward()
print(viz.graph(loss))
print()
for name, tensor in {"x": x, "y": y, "w": w, "b": b}.items():
    print(name, "asks:", tensor.requires_grad, " grad:", tensor.grad)

# %% [predict]
predict.choice(
    "w and b",
    options=("x", "w and b", "x and w and b", "all four"),
    wrong={
        "x": "x is the input. It is given, and nobody wants to change it; "
        "so it does not ask for a gradient.",
        "x and w and b": "The loss does depend on x, but x did not ask for a "
        "gradient: only w and b have requires_grad=True.",
        "all four": "Only those get one that ask: w and b have "
        "requires_grad=True.",
    },
    because="Gradients go to the leaves that have requires_grad=True. "
    "Parameters do; inputs and targets are data.",
)

# %% [markdown]
# You can work these gradients out on paper. The loss is the mean of the squared errors e, so by the
# chain rule the slope along `w` is the mean of `2 * e * x`, and the one along `b` that of `2 * e`.
#
# **Before you go on:** the errors are 1, -2, -5, -8. What is the gradient of `b`?

# %%
e = (w * x + b - y).detach()
print("errors", e.tolist())
print("w: by hand", (2 * e * x).mean().item(), " engine", w.grad.item())
print("b: by hand", (2 * e).mean().item(), "  engine", b.grad.item())

# %% [predict]
predict.number(
    b.grad,
    wrong={
        -3.5: "That is the mean error. The square brings a factor 2.",
        -28.0: "The loss is a *mean*: divide the sum by 4.",
        7.0: "Mind the sign: the line lies below the points, so the errors "
        "are mostly negative.",
        23.5: "23.5 is the loss itself.",
    },
    because="The errors add up to -14; times 2, divided by 4.",
)

# %% [markdown]
# The gradient points uphill, so we step against it. How far is our choice: the **learning rate**.
#
# `w` asks for gradients, so what is done with it is recorded. A recorded write would make `w` a result
# instead of a parameter, so it is refused. But a step is no part of the formula: `no_grad` says so.
#
# **Before you go on:** `w` is 0 and its gradient is -18. Where will `w` be after a step of 0.1?

# %%
try:
    w -= 0.1 * w.grad
except RuntimeError as error:
    print(error)

with ad.no_grad():
    w -= 0.1 * w.grad
    b -= 0.1 * b.grad
print()
print("w", round(w.item(), 4), " b", round(b.item(), 4))
print("loss", round(((w * x + b - y) ** 2).mean().item(), 4))

# %% [predict]
predict.number(
    round(w.item(), 4),
    wrong={
        -1.8: "That is a step *along* the gradient, uphill. Subtract it.",
        18.0: "The learning rate 0.1 makes the step shorter.",
    },
    because="0 - 0.1 * (-18). The first attempt was refused and changed "
    "nothing.",
)

# %% [markdown]
# There is a tempting way around the refusal: `w = w - 0.1 * w.grad`. That writes into nothing, it
# makes a new tensor. Nothing fails, at first.
#
# **Before you go on:** what will be in `.grad` of the new `lost` after the second pass?

# %%
import warnings

lost = ad.tensor(0.0, requires_grad=True)
((lost * x - y) ** 2).mean().backward()
lost = lost - 0.1 * lost.grad

((lost * x - y) ** 2).mean().backward()
with warnings.catch_warnings(record=True, action="always") as notes:
    print("grad:", lost.grad, " leaf:", lost.is_leaf)
print(notes[0].message)

# %% [predict]
predict.choice(
    "None",
    options=("a new gradient", "the old gradient", "None"),
    wrong={
        "a new gradient": "The new `lost` is the result of a subtraction, "
        "not a leaf, and `.grad` is kept for leaves only.",
        "the old gradient": "The old gradient stayed with the old tensor. "
        "The name `lost` now means another one.",
    },
    because="The minus was recorded, so the new tensor is computed, not "
    "made: no leaf. The gradient went on to the *old* leaf.",
)

# %% [markdown]
# So a step is written in place, under `no_grad`. Training is then three things, over and over: forget
# the old gradients, compute new ones, take a step against them.
#
# **Before you go on:** what is the loss going to be after 200 steps?

# %%
with ad.no_grad():
    w.zero_()
    b.zero_()
for step in range(201):
    w.grad = b.grad = None
    loss = ((w * x + b - y) ** 2).mean()
    loss.backward()
    with ad.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad
    if step in (0, 1, 10, 50, 200):
        print(f"{step:3}  loss {loss.item():8.5f}  w {w:.3f}  b {b:.3f}")

# %% [predict]
predict.number(
    round(loss.item(), 4),
    within=0.01,
    wrong={
        23.5: "That is the loss of the first step. Each step goes downhill.",
        1.0: "These points lie on a line exactly; nothing is left over.",
    },
    because="The points lie exactly on y = 3 * x - 1, so w = 3 and b = -1 "
    "have no error at all.",
)

# %% [markdown]
# The learning rate decides whether this works. With a small one it takes long. With a large one?
#
# **Before you go on:** 0.1 went well. What will a learning rate of 0.3 do?


# %%
def losses(lr, steps=12):
    w, b = (ad.tensor(0.0, requires_grad=True) for _ in range(2))
    seen = []
    for _ in range(steps):
        w.grad = b.grad = None
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        seen.append(loss.item())
        with ad.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return seen


for lr in (0.01, 0.1, 0.3):
    shown = "  ".join(f"{loss:9.3g}" for loss in losses(lr)[::2])
    print(f"lr {lr:4}  {shown}")

# %% [predict]
predict.choice(
    "the loss grows without end"
    if losses(0.3)[-1] > 1e3
    else "three times as fast",
    options=(
        "three times as fast",
        "no difference",
        "the loss grows without end",
    ),
    wrong={
        "three times as fast": "Only as long as a step stays on its side of "
        "the valley. Past that, it lands higher on the other side.",
        "no difference": "The step is the learning rate times the gradient: "
        "it matters a lot.",
    },
    because="Each step overshoots the bottom by more than it was away "
    "from it, so the next gradient is larger still.",
)

# %% [markdown]
# Your turn: write the loop. Two mistakes are waiting in it; you have just seen one, and the other is
# about what `.grad` does when you do not clear it.

# %% [exercise] fit

# %% [markdown]
# Real points do not lie on a line. Then no line has no error, and the best one is a compromise. For a
# line there is a formula for it, *least squares*, which `ad.linalg.lstsq` uses. It needs no steps and
# no gradient.
#
# **Before you go on:** if the loop runs long enough, will it find the same line?

# %%
ad.manual_seed(0)
x = ad.linspace(0, 3, 20)
y = 3 * x - 1 + 0.5 * ad.randn(20)

with ad.no_grad():
    w.zero_()
    b.zero_()
for _ in range(300):
    w.grad = b.grad = None
    loss = ((w * x + b - y) ** 2).mean()
    loss.backward()
    with ad.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad

columns = ad.stack([x, ad.ones(20)], dim=1)
best = ad.linalg.lstsq(columns, y.view(-1, 1)).solution.flatten()
print(f"by gradients  w {w:.4f}  b {b:.4f}  loss {loss.item():.4f}")
print(f"by formula    w {best[0]:.4f}  b {best[1]:.4f}")

# %% [predict]
predict.choice(
    "yes" if abs(w.item() - best[0].item()) < 1e-3 else "it never settles",
    options=("yes", "it finds w = 3 and b = -1", "it never settles"),
    wrong={
        "it finds w = 3 and b = -1": "It knows nothing of the truth, only "
        "the points, and by chance they fit another line better.",
        "it never settles": "The gradient vanishes at the bottom of the "
        "valley, so the steps get shorter by themselves.",
    },
    because="Both look for the smallest mean squared error, and for a line "
    "there is one place where it is. Gradients work for models without a "
    "formula, too.",
)

# %% [markdown]
# Look at it: the points, and the line through them. Some points lie above the line, some below.
#
# **Before you go on:** at the bottom of the valley both gradients are 0, and the one along `b` is the
# mean of `2 * e`. So what do the errors e of all 20 points add up to?

# %%
rows = [[" "] * 61 for _ in range(10)]
for column in range(61):
    rows[round(8 - (w.item() * column / 20 + b.item()))][column] = "."
for at, height in zip(x.tolist(), y.tolist(), strict=True):
    rows[round(8 - height)][round(20 * at)] = "o"
print("\n".join("".join(row).rstrip() for row in rows))
errors = (w * x + b - y).detach()
above = (errors < 0).sum().item()
print(above, "points are above the line,", 20 - above, "below")
print(f"the errors add up to {errors.sum().item():.4f}")

# %% [predict]
predict.number(
    round(errors.sum().item(), 3),
    within=0.01,
    wrong={
        20.0: "That is how many there are. Half of them, about, are negative.",
        1.0: "If anything was left over, shifting the line by a little "
        "would make the loss smaller: it would not be the bottom.",
    },
    because="A gradient of 0 for b says just that. The best line leaves as "
    "much above it as below it.",
)

# %% [markdown]
# Now with the parts that `nn` has ready. `nn.Linear(1, 1)` is our line: `weight` and `bias` in
# place of `w` and `b`. It takes a table, one row per sample, and gives one.
#
# A trap waits there. The output has the shape (20, 1), and our `y` the shape (20,).
#
# **Before you go on:** what shape has their difference?

# %%
from autodiff import nn

line = nn.Linear(1, 1)
out = line(x.view(-1, 1))
difference = out - y
print(out.shape, "minus", y.shape, "is", difference.shape)
with warnings.catch_warnings(record=True, action="always") as notes:
    nn.functional.mse_loss(out, y)
print(notes[0].message)

# %% [predict]
predict.shape(
    difference.shape,
    wrong={
        (20,): "That is what one would like. But shapes are aligned from "
        "the right, and 1 beside 20 is stretched.",
        (20, 1): "Shapes are aligned from the right: the 1 meets 20, and "
        "the 20 meets nothing. Both are stretched.",
    },
    because="Broadcasting pairs every output with every target: 400 "
    "differences. The loss would have pulled each point to all the others.",
)

# %% [markdown]
# With the target in the right shape, the loop has the same three parts as before. The optimizer was
# given the parameters, so it knows what to clear and what to change.
#
# **Before you go on:** which line of this loop stands for `w -= 0.1 * w.grad`?

# %%
target = y.view(-1, 1)
optimizer = ad.optim.SGD(line.parameters(), lr=0.1)
for _ in range(300):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(line(x.view(-1, 1)), target)
    loss.backward()
    optimizer.step()
print("weight", round(line.weight.item(), 4), end="  ")
print("bias", round(line.bias.item(), 4))
print()
print(viz.graph(loss, depth=0))

# %% [predict]
predict.choice(
    "optimizer.step()",
    options=(
        "optimizer.zero_grad()",
        "loss.backward()",
        "optimizer.step()",
    ),
    wrong={
        "optimizer.zero_grad()": "That one forgets: `w.grad = b.grad = None`.",
        "loss.backward()": "It computes gradients, and changes no parameter.",
    },
    because="`zero_grad` forgets, `backward` fills `.grad`, `step` moves "
    "each parameter against its gradient, under no_grad.",
)

# %% [markdown]
# **What you take along**
#
# - An input is given; a parameter is learned; a gradient says how the loss
#   reacts to a parameter.
# - Training is a loop of three: forget the old gradients, compute new ones, step
#   against them. In place, and under `no_grad()`.
# - `nn.Linear`, `mse_loss` and `optim.SGD` are the same things with names.
