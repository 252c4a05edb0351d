"""The training loop on handwritten digits: a script, or play it with `autodiff learn training`."""

# %% [markdown]
# Now everything together: real images, a model, a loss, an optimizer, and the loop. The images are
# scans of handwritten digits, 8 x 8 pixels each, and they come with this package.
#
# **Before you go on:** a model that guesses blindly among ten digits is right how often?

# %%
import autodiff as ad
import viz
from autodiff import nn
from autodiff.utils.data import DataLoader, TensorDataset
from autodiff.vision import datasets


def digits(train):
    """Images as rows of 64 numbers from 0 to 1, and their labels."""
    scans = datasets.Digits(train=train)
    images = ad.stack([image.reshape(64) for image, _ in scans])
    return TensorDataset(images, ad.tensor([label for _, label in scans]))


train, held_out = digits(train=True), digits(train=False)
image, label = train[0]
print(len(train), "to learn from, and", len(held_out), "held out")
for row in image.reshape(8, 8).tolist():
    print("  ", " ".join(" .:-=+*#%@"[round(9 * v)] * 2 for v in row))
print("this is a", label.item())

# %% [markdown]
# The images held out are for judging: the model never learns from them, so they tell how well it does
# on what it has *not* seen. The others are dealt out by a `DataLoader`: in batches, in a new order
# each time round.

# %%
ad.manual_seed(0)
loader = DataLoader(train, batch_size=50, shuffle=True)
x, y = next(iter(loader))
print("a batch:", list(x.shape), list(y.shape), " batches:", len(loader))

# %% [markdown]
# The model gives ten scores. Before any training, look at the loss.
#
# **Before you go on:** ten classes, all about equally likely to the model. The surprise is then
# -log(1/10). What is that, roughly?

# %%
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
criterion = nn.CrossEntropyLoss()
loss = criterion(model(x), y)
print("loss", round(loss.item(), 3))
print()
print(viz.graph(loss, depth=0))

# %% [markdown]
# One round over the data is an *epoch*. Each batch: forget, compute, differentiate, step. After each
# epoch we measure on the images held out: `eval()` for the right behaviour, `no_grad()` because no
# gradient is needed.


# %%
def accuracy():
    model.eval()
    with ad.no_grad():
        x, y = held_out[:]
        right = (model(x).argmax(dim=1) == y).float().mean().item()
    model.train()
    return right


optimizer = ad.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
print("before:", round(accuracy(), 3))
for epoch in range(8):
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    mean = total / len(loader)
    print(f"epoch {epoch + 1}  loss {mean:.3f}  right {accuracy():.3f}")

# %% [markdown]
# Note `total += loss.item()`. Adding the *tensor* would work too, and keep the graph of every batch
# alive: `item()` takes the number and lets the graph go.
#
# Which line is forgotten most often? `zero_grad()`.
#
# **Before you go on:** what does `weight.grad` hold after two batches without it?

# %%
(x1, y1), (x2, y2) = list(loader)[:2]
weight = model[0].weight
model.zero_grad()
criterion(model(x1), y1).backward()
one = weight.grad.clone()
criterion(model(x2), y2).backward()
print("after one batch", round(one.norm().item(), 4))
print("after two      ", round(weight.grad.norm().item(), 4))
print(viz.why(weight))

# %% [markdown]
# But sometimes that is just what you want: if a large batch does not fit into memory, let the
# gradients of several small ones add up, and take one step. So gradients of several iterations *can*
# be combined: you decide by where you clear them.
#
# **Before you go on:** each small loss is a mean over its own batch. By what must it be divided, to
# get the gradient of the mean over both?

# %%
model.zero_grad()
for part_x, part_y in ((x1, y1), (x2, y2)):
    (criterion(model(part_x), part_y) / 2).backward()
added = weight.grad.clone()
model.zero_grad()
criterion(model(ad.cat([x1, x2])), ad.cat([y1, y2])).backward()
print("largest difference:", (added - weight.grad).abs().max().item())

# %% [markdown]
# Where is it still wrong? The numbers of a confusion matrix tell which digits it takes for which.

# %%
x, y = held_out[:]
with ad.no_grad():
    guess = model(x).argmax(dim=1)
pairs = zip(y.tolist(), guess.tolist(), strict=True)
wrong = [pair for pair in pairs if pair[0] != pair[1]]
print(len(wrong), "of", len(y), "are wrong")
for pair in sorted(set(wrong))[:6]:
    print(f"  a {pair[0]} taken for a {pair[1]}: {wrong.count(pair)} x")

# %% [markdown]
# Keep what was learned: the state of the model and, to go on later, that of the optimizer.

# %%
import tempfile
from pathlib import Path

path = Path(tempfile.gettempdir()) / "digits.pt"
state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
ad.save(state, path)
again = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
again.load_state_dict(ad.load(path)["model"])
same = (again(x).argmax(dim=1) == guess).all().item()
print("the same answers:", same)
