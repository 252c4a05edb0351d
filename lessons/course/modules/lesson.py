"""How a model knows what it learns: a script, or play it with `autodiff learn modules`."""

from lessons import predict

# %% [markdown]
# A line has two parameters, and you can keep track of them by hand. A network has millions, in many
# layers. Somebody has to keep the list, and that is what a **Module** is for.
#
# An `nn.Parameter` is a tensor that asks for its gradient and says "I am to be learned". Assigning
# one to an attribute of a module *registers* it.
#
# **Before you go on:** `scale` below is an ordinary tensor. How many parameters will be listed?

# %%
import autodiff as ad
import viz
from autodiff import nn


class Line(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(ad.tensor(0.0))
        self.b = nn.Parameter(ad.tensor(0.0))
        self.scale = ad.tensor(1.0)

    def forward(self, x):
        return (self.w * x + self.b) * self.scale


line = Line()
for name, parameter in line.named_parameters():
    print(name, parameter.item())
print("called:", line(ad.tensor([1.0, 2.0])).tolist())

# %% [predict]
predict.number(
    len(list(line.parameters())),
    wrong={
        3.0: "`scale` is a tensor, but no Parameter: it is used, and not "
        "learned."
    },
    because="Only an nn.Parameter says that it is to be learned.",
)

# %% [markdown]
# How does a module know its learnable parameters? There is no magic, and nobody reads your `forward`.
# Python calls `__setattr__` whenever something is assigned to an attribute, and a module looks there
# at what it gets. Here is the idea in a few lines.
#
# **Before you go on:** which names will be noted?


# %%
class Noting:
    def __init__(self):
        self.noted = {}

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if isinstance(value, nn.Parameter):
            self.noted[name] = value


model = Noting()
model.w = nn.Parameter(ad.zeros(3))
model.size = 3
model.mask = ad.ones(3, requires_grad=True)
print("noted:", list(model.noted))

# %% [predict]
predict.choice(
    " and ".join(model.noted),
    options=("w", "w and mask", "w and size and mask"),
    wrong={
        "w and mask": "`mask` asks for a gradient, but it is no nn.Parameter. "
        "Those are two different things.",
        "w and size and mask": "All three become attributes, but only what is an "
        "nn.Parameter is noted.",
    },
    because="A module asks one thing of a value: are you a Parameter (or a "
    "module, which may hold some)? It does not look at `forward`.",
)

# %% [markdown]
# So "asks for a gradient" and "is learned" are two things. A tensor with `requires_grad=True` gets a
# gradient, like any leaf. But nobody tells the optimizer of it.
#
# **Before you go on:** `shift` below has a gradient after `backward()`. What will it be after the
# step?


# %%
class Shifted(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(ad.tensor(1.0))
        self.shift = ad.tensor(1.0, requires_grad=True)

    def forward(self, x):
        return self.w * x + self.shift


shifted = Shifted()
optimizer = ad.optim.SGD(shifted.parameters(), lr=0.1)
shifted(ad.tensor(2.0)).backward()
optimizer.step()
print("w    ", round(shifted.w.item(), 3), " grad", shifted.w.grad.item())
shift = shifted.shift
print("shift", shift.item(), "  grad", shift.grad.item())

# %% [predict]
predict.number(
    shift,
    wrong={
        0.9: "That would be so if the optimizer knew it. It got "
        "`parameters()`, and `shift` is not in there.",
        0.0: "The gradient is 1, and a step would be 0.1 of it; but there "
        "is no step at all for `shift`.",
    },
    because="It is no Parameter, so it is not in `parameters()`, so the "
    "optimizer never heard of it. No error tells you.",
)

# %% [markdown]
# There is a second way to hide parameters by mistake: layers in an ordinary list. The list is one
# attribute, and it is neither a Parameter nor a module.
#
# **Before you go on:** a `Linear` has two parameters, weight and bias. How many does each of these
# two models find?


# %%
class Hidden(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(2, 2), nn.Linear(2, 1)]


class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 1)])


hidden, listed = Hidden(), Listed()
print("in a list:      ", len(list(hidden.parameters())))
print("in a ModuleList:", len(list(listed.parameters())))
try:
    ad.optim.SGD(hidden.parameters(), lr=0.1)
except ValueError as error:
    print(error)

# %% [predict]
predict.number(
    [len(list(hidden.parameters())), len(list(listed.parameters()))],
    wrong={
        (4.0, 4.0): "A module does not look into ordinary lists.",
        (0.0, 2.0): "Each of the two layers has a weight and a bias.",
        (2.0, 2.0): "Two layers of two parameters are four, and the "
        "ordinary list hides all of them.",
    },
    because="An ordinary list is opaque. `nn.ModuleList` is itself a "
    "module, so it registers what it holds.",
)

# %% [markdown]
# Another classic: to forget `super().__init__()`, which makes the places where parts are registered.


# %%
class Forgetful(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(2, 1)


try:
    Forgetful()
except AttributeError as error:
    print(error)

# %% [markdown]
# A module may hold modules, which hold modules. Their parameters are found all the same, under
# dotted names. A `Linear` layer is a weight and a bias; `Sequential` runs its parts in a row.
#
# **Before you go on:** the first layer takes 2 numbers and gives 3. How many numbers does it learn?

# %%
ad.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
for name, parameter in model.named_parameters():
    print(f"{name:9} {list(parameter.shape)}")
print()
print(nn.utils.summary(model, (4, 2)))

# %% [predict]
predict.number(
    sum(p.numel() for p in model[0].parameters()),
    wrong={
        6.0: "Those are the weights, 3 x 2. There is a bias for each of the "
        "3 outputs, too.",
        8.0: "There is one bias per *output*, so 3 of them, not 2.",
        2.0: "It has two parameters, a weight and a bias; they hold more "
        "numbers than that.",
        5.0: "Each of the 3 outputs has a weight for each of the 2 inputs.",
    },
    because="3 x 2 weights and 3 biases.",
)

# %% [markdown]
# Now write a module yourself: a network of as many layers as somebody asks for.

# %% [exercise] stack

# %% [markdown]
# In the graph the leaves have dotted names, and each module's part of the computation is its own. As
# a picture that is a frame around what it computed; here each module is one line.

# %%
out = model(ad.ones(1, 2)).sum()
print(viz.graph(out, depth=1))

# %% [markdown]
# One layer may be used in two places. It is still one layer: its parameters are listed once, and
# both uses add to the same gradient.
#
# **Before you go on:** the layer below multiplies by its weight `w`, twice in a row, so it gives
# `w * w * x`. With w = 3 and x = 1, what is the gradient of `w`?

# %%
layer = nn.Linear(1, 1, bias=False)
nn.init.constant_(layer.weight, 3.0)
twice = nn.Sequential(layer, layer)
print("parameters:", [name for name, _ in twice.named_parameters()])
twice(ad.ones(1, 1)).sum().backward()
print("gradient:  ", layer.weight.grad.item())

# %% [predict]
predict.number(
    layer.weight.grad,
    wrong={
        3.0: "That is what one of the two uses brings. There are two, and "
        "they add up.",
        9.0: "9 is the output, w * w.",
        1.0: "Each use is multiplied by what the other one does: w.",
    },
    because="w * w has the slope 2 * w: each of the two uses brings 3.",
)

# %% [markdown]
# The optimizer gets the list once, when you make it. From then on it knows these tensors, not your
# model. That matters if you change the model afterwards.
#
# **Before you go on:** the last layer is replaced after the optimizer was made. Will a step change
# the new layer?

# %%
model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
optimizer = ad.optim.SGD(model.parameters(), lr=0.1)
model[2] = nn.Linear(3, 1)

before = {name: p.clone() for name, p in model.named_parameters()}
model(ad.ones(1, 2)).sum().backward()
optimizer.step()
for name, p in model.named_parameters():
    print(f"{name:9} changed: {not ad.equal(p, before[name])}")

# %% [predict]
predict.choice(
    "no" if ad.equal(model[2].weight, before["2.weight"]) else "yes",
    options=("yes", "no"),
    wrong={
        "yes": "The optimizer holds the parameters of the layer that was "
        "there when it was made."
    },
    because="It still holds the old layer's parameters, which nobody uses "
    "any more. Make the optimizer last.",
)

# %% [markdown]
# What a model is, in numbers, is its **state**: the parameters, and **buffers**, which belong to the
# model and are not learned. Our `scale` should have been one. `state_dict` gives the state, to be
# saved, and `load_state_dict` puts it into a model of the same kind.
#
# **Before you go on:** a new `Line` has w = 0. What will it say for x = 2 after loading w = 3, b = -1
# and a scale of 10?


# %%
class Line(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(ad.tensor(0.0))
        self.b = nn.Parameter(ad.tensor(0.0))
        self.register_buffer("scale", ad.tensor(1.0))

    def forward(self, x):
        return (self.w * x + self.b) * self.scale


line = Line()
print("parameters:", [name for name, _ in line.named_parameters()])
print("state:     ", list(line.state_dict()))
state = {"w": 3.0, "b": -1.0, "scale": 10.0}
state = {name: ad.tensor(value) for name, value in state.items()}
print("before:", line(ad.tensor(2.0)).item())
print(line.load_state_dict(state))
print("after: ", line(ad.tensor(2.0)).item())

# %% [predict]
predict.number(
    line(ad.tensor(2.0)),
    wrong={
        5.0: "3 * 2 - 1 is right, but the buffer is part of the state too: "
        "it was loaded, and it multiplies by 10.",
        0.0: "Loading copies the values into the module.",
    },
    because="(3 * 2 - 1) * 10. The state holds buffers as well as "
    "parameters.",
)

# %% [markdown]
# **What you take along**
#
# - A module notes what is *assigned* to it: Parameters and other modules. It
#   does not look into lists, or into your `forward`.
# - Asking for a gradient and being learned are two things. What is not in
#   `parameters()` never moves, without any error.
# - Make the optimizer last, when the model is complete.
