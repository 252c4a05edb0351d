"""A pooled convolutional net: run it as a script, or play it with `autodiff learn convnet`."""

# %% [markdown]
# A net that reads pictures rests on two ideas: **convolution** looks for the same small pattern
# everywhere, and **pooling** keeps the strongest answer of each neighbourhood.
#
# Pooling first. Max pooling with a 2 x 2 window keeps the largest number of each quarter. The layers
# take four dimensions, so the grid below is a batch of 1 picture with 1 colour channel, 4 x 4 pixels.
#
# **Before you go on:** which four numbers are left?

# %%
import autodiff as ad
from autodiff.nn import functional as F

grid = ad.tensor(
    [[[[1.0, 0, 2, 3], [4, 6, 6, 8], [3, 1, 1, 0], [1, 2, 2, 4]]]],
    requires_grad=True,
)
pooled = F.max_pool2d(grid, 2)
print(grid.detach())
print(pooled.detach())

# %% [markdown]
# Now backward. A tiny change of a winner changes the result just as much; a tiny change of any other
# pixel changes nothing. So each winner gets the whole gradient of its window, and the others get 0.
#
# **Before you go on:** where in the 4 x 4 gradient are the ones?

# %%
pooled.sum().backward()
print(grid.grad)

# %% [markdown]
# How does the pass know the winners? The pooling node saved their *positions*, as `indices`. Of the
# values it kept nothing.

# %%
import viz

total = F.max_pool2d(grid, 2).sum()
print(viz.grad_fn(total))

# %% [markdown]
# Convolution. A small *filter* slides over the picture. At each place, multiply what lies under it
# number by number, and add up. This filter compares each pixel with its right neighbour, so it
# answers where a vertical edge is.
#
# **Before you go on:** in which column of the result will it answer?

# %%
picture = ad.tensor([[0.0, 0, 5, 5], [0, 0, 5, 5], [0, 0, 5, 5]])
weights = ad.tensor([[-1.0, 1.0]], requires_grad=True)

by_hand = ad.zeros(3, 3)
for row in range(3):
    for column in range(3):
        under = picture[row, column : column + 2]
        by_hand[row, column] = (under * weights.detach()[0]).sum()
print(by_hand)
print()

out = F.conv2d(picture.view(1, 1, 3, 4), weights.view(1, 1, 1, 2))
print("and by conv2d:")
print(out.detach().view(3, 3))

# %% [markdown]
# Backward: the same two weights were used at all nine places, so **the contributions of all places
# add up**, as for any value that is used many times. The left weight met columns 1 to 3 of the
# picture, the right weight columns 2 to 4.
#
# **Before you go on:** if each answer counts 1, what is the gradient of each weight?

# %%
out.sum().backward()
print("weights.grad       ", weights.grad)
print("sum of columns 1-3:", picture[:, :3].sum().item())
print("sum of columns 2-4:", picture[:, 1:].sum().item())

# %% [markdown]
# Now real pictures: 1,797 scans of digits written by 13 people, 8 x 8 pixels each. The net learns
# from 1,437 of them; the other 360 are kept aside, to test it on scans it has never seen.

# %%
from autodiff.vision.datasets import Digits


def drawn(row):
    shades = " .:-=+*#%@"
    return "".join(shades[min(9, int(10 * pixel))] * 2 for pixel in row)


def show(images):
    for rows in zip(*images.view(-1, 8, 8).tolist(), strict=True):
        print("  ".join(drawn(row) for row in rows).rstrip())


train_set, test_set = Digits(train=True), Digits(train=False)
print("labels:", train_set.targets[10:14].tolist())
show(train_set.data[10:14])

# %% [markdown]
# The net: convolution, relu, pooling, twice; then one linear layer gives a score for each of the ten
# digits. Each pooling halves the picture: `8 x 8`, `4 x 4`, `2 x 2`.
#
# Three words to keep apart. An **input** is what you feed in; it asks for no gradient. A
# **parameter** is a leaf that the net learns: each layer makes its own, and a module finds them
# because it registers every parameter and every layer that it is given. A **gradient** is what a
# backward pass leaves in `.grad` of each parameter.

# %%
from autodiff import nn

ad.manual_seed(0)
model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(32 * 2 * 2, 10),
)
for name, p in model.named_parameters():
    print(f"{name:9} {p.numel():5} numbers, {list(p.shape)}")
print("together ", sum(p.numel() for p in model.parameters()))

# %% [markdown]
# The graph of its loss on four digits. Follow it from the loss down: scores, pooling, relu,
# convolution, and the same again. At the ends are the parameters, named by
# `params=dict(model.named_parameters())`.

# %%
criterion = nn.CrossEntropyLoss()
loss = criterion(model(train_set.data[:4]), train_set.targets[:4])
print(viz.grad_fn(loss, params=dict(model.named_parameters())))

# %% [markdown]
# `CrossEntropyLoss` takes the raw scores (*logits*), not probabilities: it does the softmax itself,
# then takes minus the logarithm of the probability of the right digit. Give it no softmax of your
# own.
#
# **Before you go on:** an untrained net gives each digit about 1/10. What is its loss, about?

# %%
import math

with ad.no_grad():
    untrained = criterion(model(train_set.data), train_set.targets)
print("loss before training:", round(untrained.item(), 3))
print("-log(1/10) is        ", round(-math.log(1 / 10), 3))

# %% [markdown]
# Training repeats four lines: clear the gradients, compute the loss, run the backward pass, take a
# small step against the gradients. Here for ten *epochs*: each shows all the digits once, in batches
# of 32.

# %%
from autodiff import optim
from autodiff.utils.data import DataLoader

loader = DataLoader(train_set, batch_size=32, shuffle=True)
optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(10):
    total = 0.0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
    mean = total / len(loader)
    bar = "#" * max(1, round(20 * mean))
    print(f"epoch {epoch + 1:2}  loss {mean:.4f}  {bar}")

# %% [markdown]
# The loss is a number for the *optimizer*. What counts is how the net does on the 360 digits kept
# aside. (`loss.item()` above is a plain number; adding up `loss` itself would keep the graph of every
# batch alive.)
#
# **Before you go on:** how many of the 360 will it read right?

# %%
model.eval()
with ad.no_grad():
    predicted = model(test_set.data).argmax(1)
right = predicted == test_set.targets
share = right.float().mean().item()
print(f"{right.sum().item()} of {len(test_set)} right: {share:.1%}")

# %% [markdown]
# And where is it wrong? Here are some of its mistakes. Would you have known better?

# %%
mistakes = [i for i, hit in enumerate(right.tolist()) if not hit][:4]
print("really  ", test_set.targets[mistakes].tolist())
print("net says", predicted[mistakes].tolist())
show(test_set.data[mistakes])
