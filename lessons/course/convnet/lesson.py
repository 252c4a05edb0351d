"""A pooled convolutional net: run it as a script, or play it with `autodiff learn convnet`."""

from lessons import predict

# %% [markdown]
# Everything from the lessons before in one: a net of convolution and pooling that reads handwriting.
#
# The pictures: 1,797 scans of digits written by 13 people, 8 x 8 pixels each. The net learns from
# 1,437 of them; the other 360 are kept aside, to test it on scans it has never seen.
#
# **Before you go on:** a convolution wants four dimensions: batch, channels, rows, columns. Which
# shape should a batch of four scans in gray have?

# %%
import autodiff as ad
import viz
from autodiff.vision.datasets import Digits


def drawn(row):
    shades = " .:-=+*#%@"
    return "".join(shades[min(9, int(10 * pixel))] * 2 for pixel in row)


def show(images):
    for rows in zip(*images.view(-1, 8, 8).tolist(), strict=True):
        print("  ".join(drawn(row) for row in rows).rstrip())


train_set, test_set = Digits(train=True), Digits(train=False)
four, labels = train_set.data[10:14], train_set.targets[10:14]
print("shape:", list(four.shape), "  labels:", labels.tolist())
show(four)

# %% [predict]
predict.shape(
    four.shape,
    wrong={
        (
            4,
            8,
            8,
        ): "The channel is missing: gray is one channel, and it has "
        "a dimension of its own.",
        (1, 4, 8, 8): "The batch comes first, then the channels.",
        (4, 64): "So a Linear layer wants it. A convolution needs to know "
        "which pixels are neighbours.",
        (4, 8, 8, 1): "So Pillow has it. Layers want the channels before "
        "rows and columns.",
    },
    because="Four scans, one channel each, of 8 rows and 8 columns.",
)

# %% [markdown]
# The net: convolution, relu, pooling, twice; then one linear layer gives a score for each of the ten
# digits. With `padding=1` a filter of 3 x 3 keeps the size.
#
# **Before you go on:** how many numbers does the first layer learn, 16 filters of 3 x 3 on one
# channel?

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

# %% [predict]
predict.number(
    sum(p.numel() for p in model[0].parameters()),
    wrong={
        144.0: "Those are the weights, 16 * 9. Each filter has a bias, too.",
        9.0: "That is one filter. There are 16.",
        10240.0: "The same filter is used at every place, so the size of "
        "the picture does not matter.",
    },
    because="16 * 9 weights and 16 biases. Each filter is used at all 64 "
    "places.",
)

# %% [markdown]
# Each pooling halves the sides of the picture. After the second one the picture is very small, but it
# has many channels: what is left of *where* has become *what*.
#
# **Before you go on:** the shape after the second pooling, for a batch of four?

# %%
x = four
shapes = []
for layer in model:
    x = layer(x)
    shapes.append(x.shape)
    print(f"{type(layer).__name__:10} {list(x.shape)}")

# %% [predict]
predict.shape(
    shapes[5],
    wrong={
        (4, 32, 8, 8): "Two poolings: 8 becomes 4 becomes 2.",
        (4, 32, 4, 4): "That is after the first pooling. The second halves "
        "it again.",
        (4, 16, 2, 2): "The second convolution gives 32 channels.",
        (4, 128): "That is after Flatten, which comes next.",
    },
    because="32 channels of 2 x 2: 128 numbers per digit, which is why the "
    "linear layer takes 32 * 2 * 2.",
)

# %% [markdown]
# The graph of its loss on the four digits. Follow it from the loss down: scores, pooling, relu,
# convolution, and the same again. At the ends are the parameters. The pictures are nowhere: they are
# inputs, and ask for no gradient.

# %%
criterion = nn.CrossEntropyLoss()
loss = criterion(model(four), labels)
print(viz.grad_fn(loss, params=dict(model.named_parameters())))

# %% [markdown]
# Before a long training, a short test: can the net learn four digits by heart? If it cannot, something
# is wrong, and it is better to know at once.
#
# **Before you go on:** ten classes, nothing learned yet. The first loss will be about 2.3. What will
# it be after 60 steps on the same four digits?

# %%
import copy

rehearsal = copy.deepcopy(model)
optimizer = ad.optim.SGD(rehearsal.parameters(), lr=0.05, momentum=0.9)
for step in range(61):
    optimizer.zero_grad()
    loss = criterion(rehearsal(four), labels)
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(f"step {step:2}  loss {loss.item():.4f}")
print("labels", labels.tolist(), end="  ")
print("answers", rehearsal(four).argmax(1).tolist())

# %% [predict]
predict.choice(
    "nearly 0" if loss.item() < 0.05 else "still large",
    options=("still large", "about 1", "nearly 0"),
    wrong={
        "still large": "6,090 numbers are plenty for four digits.",
        "about 1": "It has far more numbers to turn than digits to learn.",
    },
    because="A loss that does not go to 0 here points to a mistake: a graph "
    "that is cut, labels that are mixed up, a softmax too many.",
)

# %% [markdown]
# Now all digits. Training repeats four lines: clear the gradients, compute the loss, run the backward
# pass, take a small step against the gradients. Here for ten *epochs*: each shows all the digits once,
# in batches of 32.

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
# aside.
#
# **Before you go on:** how many of the 360 will it read right?

# %%
model.eval()
with ad.no_grad():
    predicted = model(test_set.data).argmax(1)
right = predicted == test_set.targets
share = right.float().mean().item()
print(f"{right.sum().item()} of {len(test_set)} right: {share:.1%}")

# %% [predict]
predict.number(
    float(right.sum().item()),
    within=0.012,
    wrong={
        360.0: "Very nearly. A few are written so that people differ, too.",
        36.0: "That would be guessing.",
    },
    because="(Anything within a few counts as right here.)",
)

# %% [markdown]
# And where is it wrong? Here are some of its mistakes. Would you have known better?

# %%
mistakes = [i for i, hit in enumerate(right.tolist()) if not hit][:4]
print("really  ", test_set.targets[mistakes].tolist())
print("net says", predicted[mistakes].tolist())
show(test_set.data[mistakes])

# %% [markdown]
# What do the filters look for? Here is one digit, and what three of the sixteen filters answer after
# the relu: those that answer most. Each answers at other strokes.
#
# **Before you go on:** which shape do all sixteen answers together have?

# %%
digit = test_set.data[3:4]
with ad.no_grad():
    maps = model[:2](digit)
loudest = maps.sum((0, 2, 3)).argsort(descending=True)[:3]
print(
    "all answers:", list(maps.shape), "  filters shown:", loudest.tolist()
)
show(ad.cat([digit[0], maps[0, loudest] / maps.max()]))

# %% [predict]
predict.shape(
    maps.shape,
    wrong={
        (16, 3, 3): "That is about the shape of the filters. Their answers "
        "are pictures again.",
        (1, 16, 4, 4): "That is after the pooling.",
        (16, 8, 8): "The batch dimension stays, with one digit in it.",
    },
    because="One digit, sixteen channels, as large as the picture.",
)

# %% [markdown]
# Which pixels matter? Ask the *picture* for a gradient: how would the score of the answer change if a
# pixel were a bit darker? An input is no parameter, but it may ask for a gradient like any leaf.
#
# **Before you go on:** after this backward pass, will the parameters have gradients of it, too?

# %%
model.zero_grad()
looked_at = digit.clone().requires_grad_()
scores = model(looked_at)[0]
answer = scores.argmax().item()
scores[answer].backward()
matters = looked_at.grad.abs()
print("the answer is", answer, "and these pixels matter for its score:")
show(ad.cat([digit, matters / matters.max()]))
filled = model[0].weight.grad is not None

# %% [predict]
predict.choice(
    "yes" if filled else "no",
    options=("yes", "no"),
    wrong={
        "no": "A backward pass reaches every leaf that asks for a gradient: "
        "the picture, and all parameters on the way."
    },
    because="Every leaf that asks gets one. Clear them before you train on; "
    "or use autograd.grad(score, picture), which leaves .grad alone.",
)

# %% [markdown]
# Was it worth it? Against it stands a net of two linear layers, about as large, trained the same way.
# Then all test digits are moved to the side by a pixel, which neither has ever seen.
#
# **Before you go on:** both read nearly all digits where they are. Which one is hurt more by the move?

# %%
ad.manual_seed(0)
plain = nn.Sequential(
    nn.Flatten(), nn.Linear(64, 80), nn.ReLU(), nn.Linear(80, 10)
)
optimizer = optim.SGD(plain.parameters(), lr=0.05, momentum=0.9)
for _ in range(10):
    for images, labels in loader:
        optimizer.zero_grad()
        criterion(plain(images), labels).backward()
        optimizer.step()

still = test_set.data
moved = ad.cat([ad.zeros(360, 1, 8, 1), still[..., :7]], dim=3)
after = {}
for name, net in {"convolution": model, "linear": plain}.items():
    with ad.no_grad():
        hits = [
            net(x).argmax(1) == test_set.targets for x in (still, moved)
        ]
    here, after[name] = (hit.float().mean().item() for hit in hits)
    size = sum(p.numel() for p in net.parameters())
    print(f"{name:11} {size} numbers, {here:.1%} right, ", end="")
    print(f"moved: {after[name]:.1%}")

# %% [predict]
predict.choice(
    min(after, key=after.get),
    options=("convolution", "linear"),
    wrong={
        "convolution": "Its filters find the same strokes one pixel further, "
        "and the pooling forgives a part of the move."
    },
    because="A linear layer has a weight for each pixel, and now other "
    "pixels are dark. Filters are the same everywhere; only the last layer "
    "knows places.",
)

# %% [markdown]
# Build one yourself, for larger pictures and with fewer numbers.

# %% [exercise] small-net

# %% [markdown]
# **What you take along**
#
# - Convolution, relu, pooling, again, and a linear layer: a net that reads.
# - First learn four samples by heart. If that fails, something is broken.
# - An input may ask for a gradient too: it shows which pixels matter.
#
# This is what the course set out for: from `x * y` to a net that reads digits. What follows makes
# nets better, deeper and faster, and ends with an engine of your own.
