"""A pooled convolutional net: run it as a script, or play it with `autodiff learn convnet`."""

# %% [markdown]
# A net that looks at pictures is built from two ideas: **convolution** looks for the same small
# pattern everywhere, **pooling** keeps the strongest answer in each neighbourhood. Both are graphs
# of sums and products, so the backward pass works as before.
#
# First pooling. Here is a 4 x 4 grid. Max pooling with a 2 x 2 window keeps the largest number of
# each quarter.
#
# **Before you go on:** what are the four numbers?

# %%
import autodiff as ad
import viz
from autodiff import nn
from autodiff.nn import functional as F

grid = ad.tensor(
    [[1.0, 0, 2, 3], [4, 6, 6, 8], [3, 1, 1, 0], [1, 2, 2, 4]],
    requires_grad=True,
)
pooled = F.max_pool2d(grid.view(1, 1, 4, 4), 2)
print(pooled.view(2, 2))

# %% [markdown]
# Now backward. Only the winner of each window had a say in the result: changing any other number a
# tiny bit changes nothing. So the winner gets the whole gradient of its window, and the others get
# zero.
#
# **Before you go on:** where are the four ones?

# %%
pooled.sum().backward()
print(grid.grad)

# %% [markdown]
# The graph says so too: the pooling node saved the *positions* of the winners (`indices`), and
# nothing else of the input.

# %%
loss = F.max_pool2d(grid.view(1, 1, 4, 4), 2).sum()
print(viz.grad_fn(loss))

# %% [markdown]
# Now convolution. A filter slides over the picture; at each place, multiply what lies under it
# element by element, and sum. This filter answers to edges: it compares each pixel with its right
# neighbour.

# %%
picture = ad.tensor([[0.0, 0, 5, 5], [0, 0, 5, 5], [0, 0, 5, 5]])
edge = ad.tensor([[-1.0, 1.0]], requires_grad=True)
out = F.conv2d(picture.view(1, 1, 3, 4), edge.view(1, 1, 1, 2))
print(out.view(3, 3))

# %% [markdown]
# By hand, the middle column is -1 * 0 + 1 * 5 = 5. And backward: each weight of the filter met many
# pixels, and **the contributions of all places add up**, like any value that is used many times. The
# left weight met the three left columns, which hold three 5s; the right weight met the three right
# columns, with six of them.

# %%
out.sum().backward()
print(edge.grad)

# %% [markdown]
# Real pictures: 1,797 scans of handwritten digits, 8 x 8 pixels each, made by 43 people in the
# 1990s. The last 360 are kept for testing.

# %%
from autodiff.vision.datasets import Digits

train_set, test_set = Digits(train=True), Digits(train=False)


def show(image):
    for row in image.view(8, 8).tolist():
        print(
            "   ",
            "".join(
                " .:-=+*#%@"[min(9, int(10 * pixel))] * 2 for pixel in row
            ),
        )


image, label = train_set[0]
print("a", label, "with", len(train_set), "others")
show(image)

# %% [markdown]
# The net: twice convolution, relu, pooling; then one linear layer with a score for each digit. Each
# pooling halves the picture, 8 x 8 to 4 x 4 to 2 x 2, while the filters grow more numerous.

# %%
ad.manual_seed(0)
model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(128, 10),
)
print(model)
print(sum(p.numel() for p in model.parameters()), "numbers to learn")

# %% [markdown]
# The graph of its loss on four pictures. The names come from
# `params=dict(model.named_parameters())`. Read it from the bottom: pixels, filters, pooling, scores,
# loss.

# %%
criterion = nn.CrossEntropyLoss()
loss = criterion(model(train_set.data[:4]), train_set.targets[:4])
print(viz.grad_fn(loss, params=dict(model.named_parameters())))

# %% [markdown]
# `CrossEntropyLoss` wants the raw scores (logits), not probabilities: it takes the logarithm of the
# softmax itself, and then looks up the right answer. Before any training the net guesses, and one
# guess in ten is right: a loss of about log(10) = 2.3.
#
# Training is a loop: clear the gradients, compute the loss, run the backward pass, take a small step
# against the gradient.

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
    print(f"epoch {epoch + 1:2}  mean loss {total / len(loader):.4f}")

# %% [markdown]
# How well does it read digits it has never seen? `eval()` tells the layers that training is over
# (this net has none that care, but the habit is good), and `no_grad()` saves the recording.
#
# **Before you go on:** what share of the 360 will be right?

# %%
model.eval()
with ad.no_grad():
    scores = model(test_set.data)
predicted = scores.argmax(1)
right = predicted == test_set.targets
share = right.float().mean().item()
print(f"{right.sum().item()} of {len(test_set)} right: {share:.1%}")

# %% [markdown]
# And where it is wrong? Look for yourself whether you would have known better.

# %%
wrong = [i for i, hit in enumerate(right.tolist()) if not hit]
for i in wrong[:2]:
    image, label = test_set[i]
    print(f"this is a {label}, the net says {predicted[i].item()}:")
    show(image)
if not wrong:
    print("none: every digit was read right")
