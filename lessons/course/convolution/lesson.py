"""Convolution and pooling by hand: a script, or play it with `autodiff learn convolution`."""

from lessons import predict

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
import viz
from autodiff.nn import functional as F

grid = ad.tensor(
    [[[[1.0, 0, 2, 3], [4, 6, 6, 8], [3, 1, 1, 0], [1, 2, 2, 4]]]],
    requires_grad=True,
)
pooled = F.max_pool2d(grid, 2)
print(grid.detach())
print(pooled.detach())

# %% [predict]
predict.number(
    pooled,
    wrong={
        (4.0, 6.0, 6.0, 8.0): "Those are the largest of each *column*. A "
        "window is 2 x 2.",
        (
            2.75,
            4.75,
            1.75,
            1.75,
        ): "Those are the means. Max pooling keeps the largest.",
        (6.0, 6.0, 8.0, 6.0, 6.0, 8.0, 3.0, 2.0, 4.0): "Those are all nine "
        "windows. Windows do not overlap: they move by 2.",
    },
    because="The windows move by their own size, so there are four of them, "
    "one for each quarter.",
)

# %% [markdown]
# Now backward. A tiny change of a winner changes the result just as much; a tiny change of any other
# pixel changes nothing. So each winner gets the whole gradient of its window, and the others get 0.
#
# **Before you go on:** give the second row of the 4 x 4 gradient, the one of 4, 6, 6, 8.

# %%
pooled.sum().backward()
print(grid.grad)

# %% [predict]
predict.number(
    grid.grad[0, 0, 1],
    wrong={
        (
            0.25,
            0.25,
            0.25,
            0.25,
        ): "So it is with the mean. Here all of it goes to the winner.",
        (0.0, 6.0, 0.0, 8.0): "Those are the winners' values. How much the "
        "sum reacts to each is 1.",
        (0.0, 1.0, 1.0, 1.0): "The second 6 is in the window of the 8, and "
        "loses there.",
    },
    because="6 wins in the left window, 8 in the right one.",
)

# %% [markdown]
# How does the pass know the winners? The pooling node saved their *positions*, as `indices`. Of the
# values it kept nothing.

# %%
total = F.max_pool2d(grid, 2).sum()
print(viz.grad_fn(total))

# %% [markdown]
# The other kind of pooling takes the *mean* of each window. Nobody wins, so all share.
#
# **Before you go on:** what gradient does each pixel of a 2 x 2 window get?

# %%
grid.grad = None
averaged = F.avg_pool2d(grid, 2)
averaged.sum().backward()
print(averaged.detach())
print(grid.grad)

# %% [predict]
predict.number(
    grid.grad[0, 0, 0, 0],
    wrong={
        1.0: "The mean divides by 4, so each pixel counts a quarter.",
        0.5: "There are four pixels in a 2 x 2 window.",
    },
    because="The mean of four reacts to each by a quarter.",
)

# %% [markdown]
# Write max pooling yourself, there and back.

# %% [exercise] max-pool

# %% [markdown]
# Convolution. A small *filter* slides over the picture. At each place, multiply what lies under it
# number by number, and add up. This filter compares each pixel with its right neighbour, so it
# answers where a vertical edge is.
#
# **Before you go on:** the result has 3 rows and 3 columns. What is its first row?

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

# %% [predict]
predict.number(
    by_hand[0],
    wrong={
        (0.0, -5.0, 0.0): "That would be the filter turned round, as "
        "mathematicians define it. Here it is laid on as it is: right minus "
        "left.",
        (
            5.0,
            0.0,
            0.0,
        ): "The filter starts at columns 1 and 2, which are 0 and 0.",
        (0.0, 5.0, 5.0): "Over 5 and 5 the two products cancel: -5 + 5.",
    },
    because="0 - 0, then 5 - 0 at the edge, then 5 - 5.",
)

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

# %% [predict]
predict.number(
    weights.grad,
    wrong={
        (5.0, 10.0): "That is one row. The filter goes over three.",
        (5.0, 5.0): "That is what lies under the filter at its last place. "
        "All nine places add up.",
        (-15.0, 30.0): "The gradient of a weight is what it was multiplied "
        "by, the pixels; not the weight itself.",
        (0.0, 15.0): "Those are sums of the answers; the gradient of a "
        "weight is the sum of the pixels that it met.",
    },
    because="In each of the three rows the left weight meets 0, 0, 5, the "
    "right one 0, 5, 5.",
)

# %% [markdown]
# In the graph you can see the sharing: here the filter (u, v) slides over three numbers, written out
# with Scalars. Both weights are used twice.
#
# **Before you go on:** what are the gradients of u, v and of the middle number q, for the sum of both
# places?

# %%
p, q, r = ad.Scalar(1.0), ad.Scalar(2.0), ad.Scalar(4.0)
u, v = ad.Scalar(-1.0), ad.Scalar(3.0)
both = (u * p + v * q) + (u * q + v * r)
both.backward()
print(viz.graph(both))

# %% [predict]
predict.gradient(
    lambda: (u * p + v * q) + (u * q + v * r),
    u,
    v,
    q,
    wrong={
        (1.0, 2.0, 3.0): "That is the first place only.",
        (2.0, 4.0, -1.0): "That is the second place only. They add up.",
    },
    because="u met p and q, v met q and r, and q met v at the first place and "
    "u at the second.",
)

# %% [markdown]
# Write a convolution yourself. The loops may be as slow as they like, but gradients must find their way
# through.

# %% [exercise] conv2d

# %% [markdown]
# A filter of 3 x 3 has fewer places than the picture has pixels. **Padding** puts a frame of zeros
# around the picture, **stride** makes the filter jump. The side of the result is
#
#     (side + 2 * padding - filter) // stride + 1
#
# **Before you go on:** a picture of 8 x 8, a filter of 3 x 3, padding 1, stride 2: which shape has the
# last of the results?

# %%
eight = ad.ones(1, 1, 8, 8)
three = ad.ones(1, 1, 3, 3)
for padding, stride in ((0, 1), (1, 1), (0, 2), (1, 2)):
    result = F.conv2d(eight, three, padding=padding, stride=stride)
    print(f"padding {padding}, stride {stride}: {list(result.shape)}")

# %% [predict]
predict.shape(
    result.shape,
    wrong={
        (
            1,
            1,
            8,
            8,
        ): "That is padding 1 with stride 1: as large as before.",
        (1, 1, 5, 5): "(8 + 2 - 3) // 2 is 3, rounded down; plus 1.",
        (1, 1, 3, 3): "Without the padding. With it, (8 + 2 - 3) // 2 + 1.",
        (4, 4): "The batch and the channel stay in front.",
    },
    because="(8 + 2 - 3) // 2 + 1 = 4.",
)

# %% [markdown]
# Pictures have colours, and a layer looks for many patterns. So a filter has a slice for each channel
# that comes in, whose answers are added, and there is one filter for each channel that goes out.
#
# **Before you go on:** `nn.Conv2d(3, 8, 5)` takes 3 channels and gives 8, with filters of 5 x 5. What
# is the shape of its weight?

# %%
from autodiff import nn

layer = nn.Conv2d(3, 8, 5)
colourful = ad.zeros(1, 3, 32, 32)
result = layer(colourful)
print("weight", list(layer.weight.shape), " bias", list(layer.bias.shape))
print("a picture of 32 x 32 gives", list(result.shape))
print("numbers to learn:", sum(p.numel() for p in layer.parameters()))
print("weights of a Linear layer:", colourful.numel() * result.numel())

# %% [predict]
predict.shape(
    layer.weight.shape,
    wrong={
        (3, 8, 5, 5): "What goes out comes first, as in a Linear layer's "
        "weight.",
        (8, 5, 5): "Each filter looks at all three colours: it has a slice "
        "for each.",
        (8, 3, 5): "The filters are 5 x 5.",
    },
    because="8 filters, each with a 5 x 5 slice for each of 3 channels. The "
    "size of the picture does not matter.",
)

# %% [markdown]
# And what comes back to the *picture*? Each pixel was met by each weight, at different places. So the
# gradient of the picture is a convolution again: of the gradient of the answers, with the filter turned
# round. That is what `conv_transpose2d` computes, and nets use it to make pictures larger.
#
# **Before you go on:** one answer counts, at row 1 and column 1, and the filter is 2 x 2. How many
# pixels get a gradient that is not 0?

# %%
image = ad.zeros(1, 1, 4, 4, requires_grad=True)
pattern = ad.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
answers = F.conv2d(image, pattern)
g = ad.zeros(1, 1, 3, 3)
g[0, 0, 1, 1] = 1.0
answers.backward(g)
print(image.grad)
back = F.conv_transpose2d(g, pattern)
print("the same by conv_transpose2d:", ad.equal(back, image.grad))

# %% [predict]
predict.number(
    int((image.grad != 0).sum().item()),
    wrong={
        1.0: "One answer, but it looked at all the pixels under the filter.",
        9.0: "There are nine answers; only one of them counts here.",
        16.0: "Pixels that the filter did not touch at that place have no "
        "influence on that answer.",
    },
    because="The four that were under the filter. Each gets the weight that "
    "lay on it.",
)

# %% [markdown]
# Now on a real scan. Two filters: one answers at horizontal edges, the other at vertical ones. A dark
# character is a strong answer.
#
# **Before you go on:** move the digit down by one pixel. What happens to the map of answers?

# %%
from autodiff.vision.datasets import Digits


def show(*images):
    for rows in zip(*(image.tolist() for image in images), strict=True):
        cells = (
            "".join(" .:-=+*#%@"[min(9, int(9 * abs(v)))] * 2 for v in row)
            for row in rows
        )
        print("   ".join(cells).rstrip())


digit, label = Digits()[12]
up_down = ad.tensor([[1.0, 1, 1], [0, 0, 0], [-1, -1, -1]]) / 3
filters = ad.stack([up_down, up_down.T]).view(2, 1, 3, 3)
maps = F.conv2d(digit.view(1, 1, 8, 8), filters, padding=1)
print("a", label, "and its horizontal and vertical edges:")
show(digit[0], maps[0, 0], maps[0, 1])

moved = ad.cat([ad.zeros(1, 1, 8), digit[:, :7]], dim=1)
moved_maps = F.conv2d(moved.view(1, 1, 8, 8), filters, padding=1)
inside = (moved_maps[:, :, 2:7] - maps[:, :, 1:6]).abs().max().item()
print("moved by one: largest difference of the moved answers", inside)

# %% [predict]
predict.choice(
    "it moves by one pixel" if inside < 1e-6 else "it changes",
    options=("it stays", "it moves by one pixel", "it changes"),
    wrong={
        "it stays": "That is nearer to what pooling does. A convolution "
        "answers *where* the pattern is.",
        "it changes": "The filter is the same at every place, so it gives "
        "the same answers, one row lower.",
    },
    because="The same filter is used everywhere. So a net with convolutions "
    "need not learn a pattern anew for each place.",
)

# %% [markdown]
# **What you take along**
#
# - A convolution uses the same few weights everywhere, so their contributions of
#   all places add up.
# - Max pooling sends the whole gradient to the winner; mean pooling shares it.
# - Move the picture, and the answers move with it.
#
# You have both parts in your hands. Now they become a net.
