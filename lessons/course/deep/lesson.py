"""Vanishing and exploding gradients: a script, or play it with `autodiff learn deep`."""

from lessons import predict

# %% [markdown]
# A backward pass multiplies: one local derivative after the other, from the loss back to the first
# layer. Many factors a little below 1 make almost nothing, many a little above 1 make a monster. That
# is the whole story of this lesson.
#
# **Before you go on:** 50 factors of 1.1 each: what size is the gradient?

# %%
import autodiff as ad
import viz
from autodiff import Scalar, nn


def chain(x, factor):
    for _ in range(50):
        x = x * factor
    return x


for factor in (0.9, 1.0, 1.1):
    x = Scalar(1.0)
    chain(x, factor).backward()
    print(f"factor {factor}: gradient after 50 steps {x.grad:.4f}")

# %% [predict]
sizes = {"about 6": 6, "about 117": 117, "about 10,000": 10_000}
predict.choice(
    min(sizes, key=lambda words: abs(sizes[words] - x.grad)),
    options=tuple(sizes),
    wrong={
        "about 6": "That is 1 + 50 * 0.1, as if the tenths were added. They are"
        " multiplied.",
        "about 10,000": "That would be factors of 1.2: small differences grow"
        " fast, but not that fast.",
    },
    because="1.1 to the power of 50. And 0.9 to the power of 50 is 0.005.",
)

# %% [markdown]
# The slope of a sigmoid is s * (1 - s), where s is its value. So it is steepest where s is 1/2, and
# almost flat where it is saturated. Here is the backward pass through three in a row.
#
# **Before you go on:** what is the slope where it is steepest?

# %%
x = Scalar(0.0)
y = x.sigmoid().sigmoid().sigmoid()
print(viz.backward(y))
print()
for count in (1, 3, 12):
    x = y = Scalar(0.0)
    for _ in range(count):
        y = y.sigmoid()
    y.backward()
    print(f"{count:2} sigmoids: gradient {x.grad:.2e}")

# %% [predict]
steepest = Scalar(0.0)
predict.gradient(
    lambda: steepest.sigmoid(),
    steepest,
    wrong={
        1.0: "That is the slope of a straight line, and of tanh at 0.",
        0.5: "That is the sigmoid's value there: 1/2 * (1 - 1/2) is the slope.",
    },
    because="1/2 * (1 - 1/2). At its best a sigmoid makes a gradient four times"
    " smaller.",
)

# %% [markdown]
# Now a real net: ten layers of 50, the same random weights, three activations. We look at the size
# of the gradient in each layer.
#
# **Before you go on:** with which of the three does the first layer get the largest share of what the
# last one gets?


# %%
def first_and_last(activation, start=None, layers=10):
    ad.manual_seed(0)
    parts = []
    for _ in range(layers):
        parts += [nn.Linear(50, 50), activation()]
    model = nn.Sequential(*parts, nn.Linear(50, 1))
    if start is not None:
        for module in model.modules():
            if isinstance(module, nn.Linear):
                start(module.weight)
    model(ad.randn(32, 50)).pow(2).mean().backward()
    sizes = [m.weight.grad.norm().item() for m in model[::2]]
    return sizes[0], sizes[-2], model


for activation in (nn.Sigmoid, nn.Tanh, nn.ReLU):
    first, last, _ = first_and_last(activation)
    print(f"{activation.__name__:8} first {first:.1e}   last {last:.1e}")

# %% [predict]
shares = {}
for activation in (nn.Sigmoid, nn.Tanh, nn.ReLU):
    first, last, _ = first_and_last(activation)
    shares[activation.__name__] = first / last
predict.choice(
    max(shares, key=shares.get),
    options=("Sigmoid", "Tanh", "ReLU"),
    wrong={
        "Sigmoid": "Ten slopes of at most 1/4 each are in the product.",
        "ReLU": "Its slope is 1, but only where its input is positive: about"
        " half of the units send nothing back.",
    },
    because="The slope of tanh at 0 is 1, and with weights this small the inputs"
    " stay near 0.",
)

# %% [markdown]
# With sigmoids the first layer gets less than a hundred-millionth of what the last one gets: it will not learn.
# The others suffer too, and that is the *weights'* fault: a layer multiplies by its weights on the way
# back, just as on the way forward.
#
# So weights should start at a size that neither shrinks nor blows up a signal. For n inputs a
# variance of 1/n keeps it (Xavier); after a ReLU, which throws away half, 2/n does (Kaiming).
#
# **Before you go on:** the ReLU net's first layer got a thousandth of what its last one got. With Kaiming's
# weights, will it get at least a tenth?

# %%
starts = {
    "as it was": None,
    "tiny weights": lambda w: nn.init.normal_(w, std=0.01),
    "large weights": lambda w: nn.init.normal_(w, std=0.5),
    "kaiming": lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"),
}
for name, start in starts.items():
    first, last, _ = first_and_last(nn.ReLU, start)
    print(f"{name:14} first {first:.1e}   last {last:.1e}")

# %% [predict]
predict.choice(
    "yes" if first / last >= 0.1 else "no",
    options=("yes", "no"),
    wrong={
        "no": "Half of the units are off, so with a variance of 2/n each layer"
        " passes on about as much as it gets."
    },
    because="A variance of 2/n makes up for the half that the ReLU throws away.",
)

# %% [markdown]
# Too small is bad, too large is worse, and the right size is known. Write it yourself; and mind the
# difference between a variance and a standard deviation.

# %% [exercise] start

# %% [markdown]
# With large weights the gradients *explode*. One step with such a gradient throws the model away.
# **Clipping** puts a limit to the length of all gradients together, and keeps their direction.
#
# **Before you go on:** two gradients are in the ratio of -0.3 to 1. After clipping all of them to the
# length 1, what is the length, and what is the ratio of those two?

# %%
_, _, model = first_and_last(nn.ReLU, starts["large weights"])
before = [p.grad[0, 0].item() for p in (model[0].weight, model[2].weight)]
total = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
after = [p.grad[0, 0].item() for p in (model[0].weight, model[2].weight)]
print(f"length before {total.item():.3g}, after", end=" ")
print(f"{nn.utils.clip_grad_norm_(model.parameters(), 1e9).item():.3f}")
old, new = before[0] / before[1], after[0] / after[1]
print(f"ratio before {old:.4f}, after {new:.4f}")

# %% [predict]
predict.number(
    [1.0, new],
    within=0.02,
    wrong={
        (
            1,
            -1,
        ): "That would be so if each number were clipped by itself. All of"
        " them are scaled by one factor.",
    },
    because="One factor for all: the direction of the step stays, its length is 1.",
)

# %% [markdown]
# Clipping is three lines. Many first attempts clip each gradient by itself, and so change the
# direction.

# %% [exercise] clip

# %% [markdown]
# A ReLU has another way to stop learning: where its input is negative for *every* sample, its slope
# is 0 and nothing comes back, ever. It is **dead**. A step that was too large can do that, by pushing
# a bias far down.
#
# **Before you go on:** below, every bias is -100. What will be the largest number in the gradient of
# `weight`?

# %%
ad.manual_seed(0)
layer = nn.Linear(2, 3)
with ad.no_grad():
    layer.bias.fill_(-100.0)
hidden = layer(ad.randn(8, 2)).relu()
loss = hidden.sum()
loss.backward()
weight = layer.weight
print(viz.why(weight, loss))

# %% [predict]
predict.number(
    weight.grad.abs().max(),
    wrong={
        1.0: "That is the slope of a ReLU where its input is positive. Here none is."
    },
    because="Every input of the ReLU is far below 0, where it is flat.",
)

# %% [markdown]
# Training cannot revive it: a gradient of 0 changes nothing. A leaky ReLU has a slope of 0.01 there,
# and cannot die.
#
# **Before you go on:** the gradient of each bias is the sum over eight samples. What is it with the leaky
# ReLU?

# %%
for f in (nn.functional.relu, nn.functional.leaky_relu):
    layer.zero_grad()
    f(layer(ad.ones(8, 2))).sum().backward()
    print(f"{f.__name__:10} gradient of the bias", layer.bias.grad)

# %% [predict]
predict.number(
    layer.bias.grad[0],
    wrong={
        0.01: "That is what one sample sends. There are eight, and they add up."
    },
    because="Eight samples, each with the slope 0.01.",
)

# %% [markdown]
# The worst gradient is not huge, it is `nan`: one of them spoils every weight at the next step. The
# slope of a square root is infinite at 0. A common attempt is to keep the root away from 0 with
# `where`.
#
# `why` names the operation. And `until` runs a pass up to the first step whose gradient you describe:
# a nan is the only number that is not equal to itself.
#
# **Before you go on:** `where` takes the 0 for the first number and the root for the second, so `out` is
# fine. Is the gradient of the first number 0 too?

# %%
zero = ad.zeros(2)
x = ad.tensor([0.0, 4.0], requires_grad=True)
out = ad.where(x > 0, x.sqrt(), zero).sum()
steps = viz.backward(out)
out.backward()
print("out", out.item(), "  x.grad", x.grad)
print(viz.why(x, out))
print(steps.until(lambda g: g != g))
x.grad = None
inside = ad.where(x > 0, x, ad.ones(2))
ad.where(x > 0, inside.sqrt(), zero).sum().backward()
print("with the where *inside* the root:", x.grad)

# %% [predict]
x.grad = None
ad.where(x > 0, x.sqrt(), zero).sum().backward()
predict.choice(
    "yes" if x.grad[0] == 0 else "no",
    options=("yes", "no"),
    wrong={
        "yes": "`where` sends the gradient 0 into the branch that was not taken."
        " There it meets an infinite slope, and 0 times infinity is nan."
    },
    because="Both branches are computed and both are differentiated: the input"
    " of the root itself must be safe.",
)

# %% [markdown]
# One more remedy goes *around* the layers: add a layer's input to its output, x + f(x). On the way
# back, the 1 in 1 + f'(x) keeps the gradient alive, however small f' is. That is a residual
# connection.
#
# **Before you go on:** thirty sigmoids in a row, each with a way around. What is the gradient, about?


# %%
def blocks(x, count, around):
    for _ in range(count):
        bent = (x * 0.1).sigmoid()
        x = x + bent * 0.1 if around else bent
    return x


for around in (False, True):
    x = ad.Scalar(0.5)
    blocks(x, 30, around).backward()
    print("around" if around else "plain ", f"gradient {x.grad:.3e}")
print("\nOne block with a way around:\n")
x = ad.Scalar(0.5)
print(viz.graph(blocks(x, 1, around=True)))

# %% [predict]
x = Scalar(0.5)
predict.gradient(
    lambda: blocks(x, 30, around=True),
    x,
    within=0.1,
    wrong={
        0.0: "That is what is left without the ways around.",
        30.0: "The thirty factors are multiplied, and each is a little more than 1.",
    },
    because="Thirty factors of 1 plus very little each.",
)

# %% [markdown]
# **What you take along**
#
# - Many factors below 1 vanish, many above 1 explode.
# - Start with a variance of 2/n after a ReLU; clip all gradients by one factor.
# - A dead ReLU never comes back; `where` does not stop a nan on the way back.
# - A way around, x + f(x), keeps a 1 in every factor.
