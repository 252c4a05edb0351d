"""How a model knows what it learns: a script, or play it with `autodiff learn modules`."""

# %% [markdown]
# Three words are easily mixed up. An **input** is what you give a model: an image, a price. A
# **parameter** is a number inside the model that training changes. A **gradient** says how the loss
# reacts to a parameter; it belongs to that parameter and sits in its `.grad`.
#
# We fit a straight line, at first with nothing but tensors. The truth is y = 3 * x - 1.
#
# **Before you go on:** which of `x`, `y`, `w`, `b` below are inputs or targets, which are parameters,
# and which of them will have a `.grad` after `backward()`?

# %%
import autodiff as ad
import viz
from autodiff import nn

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

# %% [markdown]
# Training is three lines, over and over: forget the old gradients, compute new ones, take a step
# against them.
#
# **Before you go on:** towards which values should `w` and `b` go?

# %%
for step in range(201):
    w.grad = b.grad = None
    loss = ((w * x + b - y) ** 2).mean()
    loss.backward()
    with ad.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad
    if step in (0, 1, 10, 50, 200):
        print(
            f"step {step:3}  loss {loss.item():8.5f}  w {w:.3f}  b {b:.3f}"
        )

# %% [markdown]
# With two numbers that is fine. A network has millions, so somebody has to keep the list. That is
# what a **Module** is for. An `nn.Parameter` is a tensor that asks for its gradient and says "I am to
# be learned". Assigning one to an attribute of a module *registers* it.
#
# **Before you go on:** `scale` below is an ordinary tensor. Will it be in the list?


# %%
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
    print(name, parameter)
print("called:", line(x).detach())

# %% [markdown]
# So that is how a module knows what it learns: its attributes tell. Nothing else is looked at, and
# so there are two ways to hide a parameter by mistake. The first: an ordinary tensor. The second:
# layers in an ordinary list.
#
# **Before you go on:** how many parameters does each of these two models find?


# %%
class Hidden(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(2, 2), nn.Linear(2, 1)]


class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 1)])


print("in a list:      ", len(list(Hidden().parameters())))
print("in a ModuleList:", len(list(Listed().parameters())))
try:
    ad.optim.SGD(Hidden().parameters(), lr=0.1)
except ValueError as error:
    print(error)

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

# %% [markdown]
# In the graph the leaves have those names, and each module's part of the computation is its own. As
# a picture that is a frame around what it computed; here each module is one line.

# %%
out = model(ad.ones(1, 2)).sum()
print(viz.graph(out, depth=1))

# %% [markdown]
# The optimizer gets the list once, and from then on knows what to change. It does not know your
# loss, and it need not: the gradients are in the parameters.
#
# **Before you go on:** which of the lines of the loop of step 2 does `optimizer.step()` stand for?

# %%
line = Line()
optimizer = ad.optim.SGD(line.parameters(), lr=0.1)
for _ in range(201):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(line(x), y)
    loss.backward()
    optimizer.step()
print(f"loss {loss.item():.6f}  w {line.w:.3f}  b {line.b:.3f}")

# %% [markdown]
# What a model has learned is its **state**: the parameters, and buffers, which belong to the model
# and are not learned. Save it, and load it into a model of the same shape.
#
# **Before you go on:** a new `Line` starts with w = 0. What will it say for x = 2 after loading?

# %%
state = line.state_dict()
print({name: round(value.item(), 3) for name, value in state.items()})
twin = Line()
print("before:", twin(ad.tensor(2.0)).item())
print(twin.load_state_dict(state))
print("after: ", round(twin(ad.tensor(2.0)).item(), 3))
