"""Dropout, batch norm, freezing: a script, or play it with `autodiff learn regular`."""

# %% [markdown]
# Some layers behave differently while a model learns and while it is used. Two of them are in almost
# every network, and both are a frequent source of riddles.
#
# **Dropout** makes a model less sure of itself: in training it sets each number to 0 with probability
# p, so that no unit can rely on another. What is left is scaled up by 1 / (1 - p).
#
# **Before you go on:** eight ones go through dropout with p = 0.5. What can come out?

# %%
import autodiff as ad
import viz
from autodiff import nn

ad.manual_seed(1)
dropout = nn.Dropout(p=0.5)
print("train:", dropout(ad.ones(8)).tolist())
print("again:", dropout(ad.ones(8)).tolist())
dropout.eval()
print("eval: ", dropout(ad.ones(8)).tolist())

# %% [markdown]
# The scaling keeps the *mean* as it is, so that nothing changes when dropout is switched off. What was
# dropped gets no gradient: in the graph it is just a product with a mask.

# %%
ad.manual_seed(4)
dropout.train()
x = ad.ones(6, requires_grad=True)
out = dropout(x)
out.sum().backward()
print("out   ", out.tolist())
print("x.grad", x.grad.tolist())
print(viz.graph(out))
print("mean of 10,000:", round(dropout(ad.ones(10_000)).mean().item(), 2))

# %% [markdown]
# Forgetting `eval()` when you use the model is the classic mistake: the answers flicker.
#
# **Before you go on:** the same input three times, in train and in eval mode. Which answers differ?

# %%
ad.manual_seed(0)
model = nn.Sequential(
    nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1)
)
x = ad.ones(1, 4)
for mode in ("train", "eval"):
    model.train(mode == "train")
    print(f"{mode:5}", [round(model(x).item(), 4) for _ in range(3)])

# %% [markdown]
# **Batch norm** takes each channel of a batch, subtracts its mean and divides by its standard
# deviation, so that every layer gets numbers of a decent size. Two learned numbers per channel, `weight`
# and `bias`, may then scale and shift them.
#
# **Before you go on:** after it, what are mean and deviation of each column?

# %%
norm = nn.BatchNorm1d(2)
batch = ad.tensor([[1.0, 100.0], [2.0, 300.0], [3.0, 500.0]])
out = norm(batch)
print(out.detach())
print("means", out.mean(0).tolist())

# %% [markdown]
# In use there may be a single sample, and a single sample has no deviation. So while training the
# layer keeps *running* averages, each a tenth of the way towards the latest batch, and uses those in
# eval mode. They are **buffers**: part of the state, not learned by gradients.
#
# **Before you go on:** the running mean began at 0, and the batch's means are 2 and 300. Where is it
# after one batch?

# %%
print("running mean", norm.running_mean)
print("parameters  ", [name for name, _ in norm.named_parameters()])
print("buffers     ", [name for name, _ in norm.named_buffers()])
try:
    norm(batch[:1])
except ValueError as error:
    print(error)

# %% [markdown]
# The same input gives different answers in the two modes until the running averages have caught up.
#
# **Before you go on:** after 50 more batches, will they be close?


# %%
def gap():
    trained = norm.train()(batch).detach()
    used = norm.eval()(batch).detach()
    norm.train()
    return (trained - used).abs().max().item()


print("after a few batches", round(gap(), 3))
for _ in range(50):
    norm(batch)
print("after 50 more      ", round(gap(), 3))

# %% [markdown]
# Both have to do with another craft: **fine-tuning**, to take a trained model and teach it something
# new. Freeze what should stay (`requires_grad_(False)`), put a new layer at the end, and give the
# optimizer what is left.
#
# **Before you go on:** how many of the parameters below will be learned?

# %%
trained = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU())
trained.requires_grad_(False)
model = nn.Sequential(trained, nn.Linear(8, 2))
print(nn.utils.summary(model, (3, 4)))
learned = [p for p in model.parameters() if p.requires_grad]
optimizer = ad.optim.SGD(learned, lr=0.1)

# %% [markdown]
# And here the riddle: freezing stops *gradients*. A batch norm does not learn its running averages by
# gradients, so it goes on changing them, frozen or not, as long as it is in train mode.
#
# **Before you go on:** which of the two will have changed after one step?

# %%
weight = trained[0].weight.clone()
running = trained[1].running_mean.clone()
loss = nn.functional.cross_entropy(
    model(ad.randn(16, 4)), ad.randint(0, 2, (16,))
)
loss.backward()
optimizer.step()
print("weight changed: ", not ad.equal(weight, trained[0].weight))
print("running changed:", not ad.equal(running, trained[1].running_mean))
trained.eval()
running = trained[1].running_mean.clone()
model(ad.randn(16, 4))
print("in eval mode:   ", not ad.equal(running, trained[1].running_mean))
