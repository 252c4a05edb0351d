"""Vanishing and exploding gradients: a script, or play it with `autodiff learn deep`."""

# %% [markdown]
# A backward pass multiplies: one local derivative after the other, from the loss back to the first
# layer. Many factors a little below 1 make almost nothing, many a little above 1 make a monster. That
# is the whole story of this lesson.
#
# **Before you go on:** 0.9 multiplied 50 times, and 1.1 multiplied 50 times: which sizes?

# %%

import autodiff as ad
import viz
from autodiff import nn

for factor in (0.9, 1.0, 1.1):
    x = ad.Scalar(1.0)
    y = x
    for _ in range(50):
        y = y * factor
    y.backward()
    print(f"factor {factor}: gradient after 50 steps {x.grad:.4f}")

# %% [markdown]
# A sigmoid's slope is at most 1/4, at 0, and almost 0 where it is saturated. So each sigmoid makes
# the gradient at least four times smaller. In a chain of twelve you can watch it go: the graph is
# folded, and gradients that are tiny beside the others are marked.

# %%
x = ad.Scalar(0.5)
y = x
for _ in range(12):
    y = (y * 1.5).sigmoid()
steps = viz.backward(y)
for frame in list(steps)[::6]:
    print(f"step {frame.step:2}   gradient {frame.gradient:.2e}")

# %% [markdown]
# Now a real net: ten layers of 50, the same random weights, three activations. We look at the size
# of the gradient in each layer.
#
# **Before you go on:** in which of the three will the *first* layer learn?


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

# %% [markdown]
# With sigmoids the first layer gets a billionth of what the last one gets: it will not learn. The
# others suffer too, and that is the *weights'* fault: a layer multiplies by its weights on the way
# back, just as on the way forward.
#
# So weights should start at a size that neither shrinks nor blows up a signal. For n inputs a
# variance of 1/n keeps it (Xavier); after a ReLU, which throws away half, 2/n does (Kaiming).
#
# **Before you go on:** will the first layer of the ReLU net now be on a par with the last?

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

# %% [markdown]
# With large weights the gradients *explode*. One step with such a gradient throws the model away.
# **Clipping** puts a limit to the length of all gradients together, and keeps their direction.
#
# **Before you go on:** after clipping to 1, what is their length? And the ratio of two of them?

# %%
_, _, model = first_and_last(nn.ReLU, starts["large weights"])
before = [p.grad[0, 0].item() for p in (model[0].weight, model[2].weight)]
total = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
after = [p.grad[0, 0].item() for p in (model[0].weight, model[2].weight)]
print(f"length before {total.item():.3g}, after", end=" ")
print(f"{nn.utils.clip_grad_norm_(model.parameters(), 1e9).item():.3f}")
old, new = before[0] / before[1], after[0] / after[1]
print(f"ratio before {old:.4f}, after {new:.4f}")

# %% [markdown]
# A ReLU has another way to stop learning: where its input is negative for *every* sample, its slope
# is 0 and nothing comes back, ever. It is **dead**. A step that was too large can do that, by pushing
# a bias far down.
#
# `why` names the node. **Before you go on:** can training revive it?

# %%
layer = nn.Linear(2, 3)
with ad.no_grad():
    layer.bias.fill_(-100.0)
hidden = layer(ad.randn(8, 2)).relu()
loss = hidden.sum()
loss.backward()
weight = layer.weight
print(viz.why(weight, loss))

# %% [markdown]
# It cannot: a gradient of 0 changes nothing. A leaky ReLU, which keeps a small slope, cannot die.

# %%
for f in (nn.functional.relu, nn.functional.leaky_relu):
    layer.zero_grad()
    f(layer(ad.ones(8, 2))).sum().backward()
    print(f"{f.__name__:10} gradient of the bias", layer.bias.grad)

# %% [markdown]
# One more remedy goes *around* the layers: add a layer's input to its output, x + f(x). On the way
# back, the 1 in 1 + f'(x) keeps the gradient alive, however small f' is. That is a residual
# connection.
#
# **Before you go on:** thirty sigmoids in a row, without and with a way around. Which sizes?


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
