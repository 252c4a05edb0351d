"""Optimizers, seen as paths: a script, or play it with `autodiff learn optimizers`."""

from lessons import predict

# %% [markdown]
# The gradient says which way is up. An optimizer decides how far to go down, and what to remember
# from the steps before. Here several of them walk down the same valley: a long one, flat along `x`
# and steep along `y`, the shape that makes training hard.
#
# **Before you go on:** the height is `x**2 / 20 + y**2`. What are the slopes along x and y at
# (-8, 1)?

# %%
import autodiff as ad
import viz


def valley(p):
    return p[0] ** 2 / 20 + p[1] ** 2


p = ad.tensor([-8.0, 1.0], requires_grad=True)
height = valley(p)
height.backward()
print(viz.graph(height))
print()
print("slope along x and y:", p.grad)

# %% [predict]
predict.number(
    p.grad,
    wrong={
        (3.2, 1.0): "Those are the two parts of the height. Their slopes "
        "are 2 * x / 20 and 2 * y.",
        (0.8, 2.0): "To the right the ground falls: the slope along x is "
        "negative.",
        (-16.0, 2.0): "The division by 20 makes the slope smaller, too.",
    },
    because="2 * x / 20 and 2 * y. Far away along x the slope is small, "
    "close by along y it is large.",
)

# %% [markdown]
# **Plain gradient descent**, SGD, goes against the gradient: `p = p - lr * gradient`. `walk` takes any
# optimizer and gives back its path. `draw` shows a path from above: each step's number where it led,
# and the bottom of the valley at +.
#
# **Before you go on:** with lr = 0.5, where will the first step from (-8, 1) lead?


# %%
def walk(make, steps=30):
    p = ad.tensor([-8.0, 1.0], requires_grad=True)
    optimizer = make([p])
    path = [p.tolist()]
    for _ in range(steps):
        optimizer.zero_grad()
        valley(p).backward()
        optimizer.step()
        path.append(p.tolist())
    return path


def draw(path):
    rows = [[" "] * 73 for _ in range(9)]
    rows[4] = ["."] * 73
    for step, (x, y) in reversed(list(enumerate(path))):
        column, row = round(36 + 4 * x), round(4 - 3 * y)
        if 0 <= column < 73 and 0 <= row < 9:
            rows[row][column] = str(step) if step < 10 else "o"
    rows[4][36] = "+"
    lines = ("".join(row).rstrip() for row in rows)
    print("\n".join(line for line in lines if line))


plain = walk(lambda params: ad.optim.SGD(params, lr=0.5))
for step in (0, 1, 2, 5, 10, 30):
    x, y = plain[step]
    print(f"step {step:2}   x {x:8.4f}   y {y:8.4f}")
draw(plain)

# %% [predict]
predict.number(
    plain[1],
    wrong={
        (-8.4, 2.0): "That is uphill: subtract lr * gradient.",
        (-7.2, -1.0): "That would be with lr = 1.",
        (
            0.0,
            0.0,
        ): "Along y it gets there, but along x the slope is small, "
        "and so is the step.",
    },
    because="-8 + 0.5 * 0.8, and 1 - 0.5 * 2. Then y is done, and x crawls.",
)

# %% [markdown]
# `y` was there at once, and `x` crawls: its slope is small, so its steps are small. A larger step
# would help `x`.
#
# **Before you go on:** along `y` the slope is `2 * y`, so a step is `y - lr * 2 * y`. What will `y`
# be after one step and after two, with lr = 1.1?

# %%
for lr in (0.5, 0.9, 1.0, 1.1):
    path = walk(lambda params, lr=lr: ad.optim.SGD(params, lr=lr))
    y = [point[1] for point in path]
    shown = "  ".join(f"{v:6.2f}" for v in y[:6])
    print(f"lr {lr}   y: {shown}  ...  {y[30]:.3g}")

# %% [predict]
predict.number(
    y[1:3],
    wrong={
        (-1.2, -1.44): "At y = -1.2 the slope is negative, so the second "
        "step goes up again, past the start.",
        (
            -0.1,
            0.01,
        ): "Mind the slope: it is 2 * y, so the step is 2.2 * y.",
    },
    because="Each step multiplies y by 1 - 2.2 = -1.2.",
)

# %% [markdown]
# Past lr = 1 it jumps from wall to wall, each time farther. The steepest direction limits the step,
# and the flat one has to live with it. That is the whole difficulty, and all that follows are ways
# around it.
#
# **Momentum** remembers: a velocity is pushed by each gradient and slows down by a factor. Pushes
# that agree add up, as along `x`; those that go to and fro cancel out, as along `y`.
#
# **Before you go on:** `v = 0.9 * v + gradient`, `p = p - lr * v`. If the gradient were 1 at every
# step, which size would the velocity approach?

# %%
v = 0.0
for step in range(1, 101):
    v = 0.9 * v + 1
    if step in (1, 2, 3, 100):
        print(f"step {step:3}   velocity {v:.3f}")
print()
heavy = walk(lambda params: ad.optim.SGD(params, lr=0.2, momentum=0.9))
draw(heavy)
print(f"x after 10 steps: plain {plain[10][0]:.2f}", end="  ")
print(f"with momentum {heavy[10][0]:.2f}")

# %% [predict]
predict.number(
    round(v, 2),
    wrong={
        1.0: "It keeps 0.9 of what it had, and gets 1 on top.",
        1.9: "That is after two steps; it goes on growing.",
        0.9: "0.9 is the part that is kept at each step.",
        100.0: "It would, if nothing were lost. It loses a tenth each time.",
    },
    because="1 / (1 - 0.9): where losing a tenth and getting 1 balance. So "
    "in a steady direction momentum becomes ten times as fast.",
)

# %% [markdown]
# Look at the picture: the heavy ball rolls past the bottom and comes back. **Nesterov's momentum**
# looks at the slope where the velocity is about to carry it.
#
# In PyTorch's form, and ours: `v = 0.9 * v + g` as before, but the step is `g + 0.9 * v` in place of `v`.
#
# **Before you go on:** both walk from the same place with the same lr. Which of them swings out
# farther beyond x = 0?


# %%
def by_hand(nesterov, steps=2):
    p, v = ad.tensor([-8.0, 1.0], requires_grad=True), ad.zeros(2)
    for _ in range(steps):
        p.grad = None
        valley(p).backward()
        with ad.no_grad():
            v = 0.9 * v + p.grad
            p -= 0.2 * (p.grad + 0.9 * v if nesterov else v)
    return p.detach()


quick = walk(lambda p: ad.optim.SGD(p, 0.2, momentum=0.9, nesterov=True))
draw(quick)
far = {"momentum": heavy, "Nesterov": quick}
for name, path in far.items():
    hand = [round(v, 4) for v in by_hand(name == "Nesterov").tolist()]
    theirs = [round(v, 4) for v in path[2]]
    print(f"{name}: second step by hand {hand}, by optimizer {theirs}")
    print(f"  farthest x: {max(x for x, _ in path):.2f}")

# %% [predict]
predict.choice(
    max(far, key=lambda name: max(x for x, _ in far[name])),
    options=("momentum", "Nesterov", "both the same"),
    wrong={
        "Nesterov": "Its steps feel the slope ahead: near the bottom that "
        "slope already pushes back.",
        "both the same": "They weigh the latest gradient differently, and "
        "beyond the bottom that gradient brakes.",
    },
    because="Nesterov gives the newest gradient more weight, and beyond the "
    "bottom the newest gradient is the brake.",
)

# %% [markdown]
# **RMSProp** goes another way. It keeps an average of each element's *squared* gradients and divides
# by its root: `s = 0.99 * s + 0.01 * g * g`, then `p = p - lr * g / sqrt(s)`. So a flat direction
# gets steps as long as a steep one.
#
# **Before you go on:** s begins at 0. The first gradients are -0.8 and 2. With lr = 0.1, how far are
# the first steps along x and y?

# %%
rms = walk(lambda params: ad.optim.RMSprop(params, lr=0.1))
draw(rms)
(x0, y0), (x1, y1) = rms[:2]
print(f"first step: x {x1 - x0:+.4f}   y {y1 - y0:+.4f}")
(x8, y8), (x9, y9) = rms[8:10]
print(f"ninth step: x {x9 - x8:+.4f}   y {y9 - y8:+.4f}")

# %% [predict]
predict.number(
    [x1 - x0, y1 - y0],
    wrong={
        (
            0.08,
            -0.2,
        ): "That is plain descent. RMSProp divides each gradient "
        "by its size.",
        (
            0.1,
            -0.1,
        ): "So it would be if s were g * g. But s is only 0.01 of "
        "that at first, and its root 0.1 of the gradient's size.",
        (-1.0, 1.0): "The steps go against the gradient: right, and down.",
    },
    because="s = 0.01 * g * g, so sqrt(s) is a tenth of the gradient: 0.1 / "
    "0.1 = 1, in both directions, whatever the slope.",
)

# %% [markdown]
# The first steps are ten times too long, because an average that begins at 0 is too small. **Adam**
# corrects that: at step t = 1, 2, ... it divides its averages by what they lack so far. And it has a
# velocity `m`, too:
#
#     m = 0.9 * m + 0.1 * g
#     s = 0.999 * s + 0.001 * g * g
#     p = p - lr * (m / (1 - 0.9**t)) / sqrt(s / (1 - 0.999**t))
#
# **Before you go on:** put in t = 1. How far is Adam's first step along x, with lr = 0.1?

# %%
adam = walk(lambda params: ad.optim.Adam(params, lr=0.1))
(x0, y0), (x1, y1) = adam[:2]
print(f"first step: x {x1 - x0:+.4f}   y {y1 - y0:+.4f}")
draw(walk(lambda params: ad.optim.Adam(params, lr=0.5)))
print("this path: Adam with lr = 0.5")

# %% [predict]
predict.number(
    round(x1 - x0, 4),
    wrong={
        0.08: "That is plain descent: lr times the gradient.",
        1.0: "That was RMSProp. Adam divides s by 1 - 0.999, which makes "
        "it g * g.",
        -0.1: "The slope along x is negative, so the step goes right.",
        0.01: "m is 0.1 * g, but it is divided by 1 - 0.9 = 0.1.",
    },
    because="At t = 1 the corrected averages are g and g * g: the step is lr "
    "* g / |g|. That is why Adam's lr feels the same for every model.",
)

# %% [markdown]
# Write Adam's step yourself.

# %% [exercise] adam

# %% [markdown]
# Side by side, how high each one still is after 10, 30 and 100 steps.
#
# **Before you go on:** will one of them be lowest all three times?

# %%
makers = {
    "SGD": lambda p: ad.optim.SGD(p, lr=0.5),
    "momentum": lambda p: ad.optim.SGD(p, lr=0.2, momentum=0.9),
    "Nesterov": lambda p: ad.optim.SGD(p, 0.2, momentum=0.9, nesterov=True),
    "RMSprop": lambda p: ad.optim.RMSprop(p, lr=0.1),
    "Adam": lambda p: ad.optim.Adam(p, lr=0.5),
}
heights = {}
print(f"{'':10}{'10 steps':>12}{'30 steps':>12}{'100 steps':>12}")
for name, make in makers.items():
    path = walk(make, 100)
    heights[name] = [
        valley(ad.tensor(path[n])).item() for n in (10, 30, 100)
    ]
    print(f"{name:10}" + "".join(f"{h:12.2e}" for h in heights[name]))

# %% [predict]
best = {min(makers, key=lambda name: heights[name][i]) for i in range(3)}
predict.choice(
    "yes" if len(best) == 1 else "no",
    options=("yes", "no"),
    wrong={
        "yes": "Who is quick at first may swing to and fro later, and who "
        "starts slowly may settle well."
    },
    because="There is no winner for all valleys: another shape, another "
    "step length, and the order changes. Try it.",
)

# %% [markdown]
# What an optimizer remembers is its *state*. A training that is stopped and taken up again must keep
# it too.
#
# **Before you go on:** after one step, how many tensors with one number per parameter do SGD,
# momentum and Adam keep?

# %%
states = {}
for name in ("SGD", "momentum", "Adam"):
    p = ad.tensor([-8.0, 1.0], requires_grad=True)
    optimizer = makers[name]([p])
    valley(p).backward()
    optimizer.step()
    states[name] = optimizer.state_dict()["state"].get(0, {})
    print(name, "keeps" if states[name] else "keeps nothing")
    for entry, value in states[name].items():
        print(f"    {entry:16}", value)

# %% [predict]
kept = [
    sum(
        getattr(value, "shape", None) == p.shape for value in state.values()
    )
    for state in states.values()
]
predict.number(
    kept,
    wrong={
        (
            0.0,
            1.0,
            1.0,
        ): "Adam keeps two: the average of the gradients, and "
        "that of their squares.",
        (1.0, 1.0, 2.0): "Plain descent needs the gradient, and nothing "
        "from before.",
    },
    because="SGD remembers nothing, momentum the direction, Adam direction "
    "and size: two more numbers for each parameter.",
)

# %% [markdown]
# One thing is still too smooth here. In a real training each batch points a little elsewhere: the
# gradient is *noisy*. At the bottom the noise is all that is left of it, and a step of fixed length
# keeps jumping about. So one begins with long steps and makes them shorter: a **schedule** changes
# `lr` after each step.
#
# **Before you go on:** 200 noisy steps, with lr = 0.5 throughout, and with an lr that falls from 0.5 to
# 0. How high are the last 20 on average: which of the two is lower?
#
# (`CosineAnnealingLR` lets lr fall along half a wave of a cosine.)


# %%
def noisy_walk(falling):
    ad.manual_seed(0)
    p = ad.tensor([-8.0, 1.0], requires_grad=True)
    optimizer = ad.optim.SGD([p], lr=0.5)
    schedule = ad.optim.lr_scheduler.CosineAnnealingLR(optimizer, 200)
    seen = []
    for step in range(200):
        optimizer.zero_grad()
        noise = (p * ad.randn(2)).sum()
        (valley(p) + noise).backward()
        optimizer.step()
        if falling:
            schedule.step()
        seen.append(valley(p).item())
        if step in (19, 99, 199):
            lr, mean = optimizer.param_groups[0]["lr"], sum(seen[-20:]) / 20
            print(f"  step {step:3}  lr {lr:.3f}  last 20: {mean:.3f} high")
    return mean


ends = {}
for name in ("lr stays", "lr falls"):
    print(name)
    ends[name] = noisy_walk(falling=name == "lr falls")

# %% [predict]
predict.choice(
    min(ends, key=ends.get),
    options=("lr stays", "lr falls"),
    wrong={
        "lr stays": "Long steps come near the bottom quickly, but there "
        "each batch's noise throws them out again."
    },
    because="Long steps to get near, short ones to settle. Nearly every "
    "large model is trained with a schedule.",
)

# %% [markdown]
# As pictures in colour the paths say even more. With matplotlib installed, this writes one; open it,
# and change the learning rates.

# %%
import tempfile
from pathlib import Path

try:
    from viz import plots

    paths = {name: walk(makers[name]) for name in makers}
    figure = plots.paths(
        lambda x, y: x**2 / 20 + y**2, x=(-9, 9), y=(-2, 2), **paths
    )
    picture = Path(tempfile.mkdtemp()) / "paths.png"
    figure.savefig(picture)
    print("wrote", picture)
except ImportError as error:
    print(error)

# %% [markdown]
# **What you take along**
#
# - The steepest direction limits the step; the flat one has to live with it.
# - Momentum adds up what agrees. RMSProp and Adam divide by the size of the
#   gradient.
# - No optimizer wins everywhere, and a large step at first wants a small one
#   later.
#
# Now the other side of training: where the numbers come from.
