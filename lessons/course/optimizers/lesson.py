"""Optimizers, seen as paths: a script, or play it with `autodiff learn optimizers`."""

# %% [markdown]
# The gradient says which way is up. An optimizer decides how far to go down, and what to remember
# from the steps before. Here several of them walk down the same valley: a long one, flat along `x`
# and steep along `y`, the shape that makes training hard.
#
# **Before you go on:** the height is x**2 / 20 + y**2. At (-8, 1), which of the two slopes is larger?

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

# %% [markdown]
# **Plain gradient descent** goes against the gradient: p = p - lr * gradient. We write down where it
# goes. `walk` takes any optimizer, so that we can compare.


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


path = walk(lambda params: ad.optim.SGD(params, lr=0.5))
for step in (0, 1, 2, 5, 10, 30):
    x, y = path[step]
    print(f"step {step:2}   x {x:8.4f}   y {y:8.4f}")

# %% [markdown]
# `y` was there at once, and `x` crawls: its slope is small, so its steps are small. A larger step
# would help `x`.
#
# **Before you go on:** along `y` the slope is 2 * y, so a step is y - lr * 2 * y. What happens to
# `y` with lr = 0.9? And with lr = 1.1?

# %%
for lr in (0.5, 0.9, 1.0, 1.1):
    y = [
        point[1] for point in walk(lambda p, lr=lr: ad.optim.SGD(p, lr=lr))
    ]
    shown = "  ".join(f"{v:6.2f}" for v in y[:6])
    print(f"lr {lr}   y: {shown}  ...  {y[30]:.3g}")

# %% [markdown]
# Past lr = 1 it jumps from wall to wall, each time farther. The steepest direction limits the step,
# and the flat one has to live with it. That is the whole difficulty, and all that follows are ways
# around it.
#
# **Momentum** remembers: a velocity is pushed by each gradient and slows down by a factor. Pushes
# that agree add up, as along `x`; those that go to and fro cancel out, as along `y`.
#
# **Before you go on:** with the same small lr, will `x` get farther than with plain descent?

# %%
plain = walk(lambda p: ad.optim.SGD(p, lr=0.2))
heavy = walk(lambda p: ad.optim.SGD(p, lr=0.2, momentum=0.8))
for step in (1, 5, 10, 30):
    slow, fast = plain[step][0], heavy[step][0]
    print(f"step {step:2}   plain x {slow:7.3f}   heavy x {fast:7.3f}")

# %% [markdown]
# What the velocity does, by hand: v = 0.8 * v + gradient, p = p - lr * v. Two steps are enough to
# check that this is all there is to it.

# %%
p, v = ad.tensor([-8.0, 1.0], requires_grad=True), ad.zeros(2)
for _ in range(2):
    p.grad = None
    valley(p).backward()
    with ad.no_grad():
        v = 0.8 * v + p.grad
        p -= 0.2 * v
print("by hand:  ", p.detach())
print("optimizer:", ad.tensor(heavy[2]))

# %% [markdown]
# **Nesterov's momentum** looks at the slope where the velocity is about to carry it, so it brakes a
# little earlier. **RMSProp** goes another way: it divides each element's step by the size its
# gradients have had lately, so flat directions get steps as long as steep ones. **Adam** does both.
#
# **Before you go on:** at the start the slopes are -0.8 and 2. RMSProp divides each by its size. How
# will the first steps along `x` and `y` compare?

# %%
rms = walk(lambda p: ad.optim.RMSprop(p, lr=0.1))
adam = walk(lambda p: ad.optim.Adam(p, lr=0.1))
for name, path in (("SGD", plain), ("RMSprop", rms), ("Adam", adam)):
    (x0, y0), (x1, y1) = path[:2]
    print(f"{name:8} first step: x {x1 - x0:+.4f}   y {y1 - y0:+.4f}")

# %% [markdown]
# The same length in both directions, whatever the slope. Adam's first step is exactly the learning
# rate long, for every parameter of every model: that is why its lr feels the same everywhere.
# (RMSProp's is ten times as long. Its average of sizes starts at 0, so at first it divides by too
# little; Adam corrects for that.)
#
# Side by side, how high each one still is after 10, 30 and 100 steps.

# %%
makers = {
    "SGD": lambda p: ad.optim.SGD(p, lr=0.5),
    "momentum": lambda p: ad.optim.SGD(p, lr=0.2, momentum=0.8),
    "Nesterov": lambda p: ad.optim.SGD(p, 0.2, momentum=0.8, nesterov=True),
    "RMSprop": lambda p: ad.optim.RMSprop(p, lr=0.1),
    "Adam": lambda p: ad.optim.Adam(p, lr=0.5),
}
print(f"{'':10}{'10 steps':>12}{'30 steps':>12}{'100 steps':>12}")
for name, make in makers.items():
    path = walk(make, 100)
    heights = (valley(ad.tensor(path[n])).item() for n in (10, 30, 100))
    print(f"{name:10}" + "".join(f"{height:12.2e}" for height in heights))

# %% [markdown]
# No winner for all valleys: in this one momentum does well, and another step length changes the
# order. Remember what each *remembers*: SGD nothing, momentum the direction, RMSProp the size, Adam
# both.
#
# What an optimizer remembers is its *state*. A training that is stopped and taken up again must keep
# it too.
#
# **Before you go on:** after one step, how many numbers does momentum keep for our 2 parameters? And
# Adam?

# %%
for name in ("SGD", "momentum", "Adam"):
    p = ad.tensor([-8.0, 1.0], requires_grad=True)
    optimizer = makers[name]([p])
    valley(p).backward()
    optimizer.step()
    state = optimizer.state_dict()["state"].get(0, {"nothing": ""})
    for entry, value in state.items():
        print(f"{name:9} {entry:16}", value)

# %% [markdown]
# As a picture the paths say more than any table. With matplotlib installed, this writes one; open
# it, and change the learning rates.

# %%
import tempfile
from pathlib import Path

try:
    from viz import plots

    paths = {
        name: walk(makers[name]) for name in ("SGD", "momentum", "Adam")
    }
    figure = plots.paths(
        lambda x, y: x**2 / 20 + y**2, x=(-9, 9), y=(-2, 2), **paths
    )
    picture = Path(tempfile.gettempdir()) / "paths.png"
    figure.savefig(picture)
    print("wrote", picture)
except ImportError as error:
    print(error)
