"""From files to batches: a script, or play it with `autodiff learn data`."""

from lessons import predict

# %% [markdown]
# A model takes batches of numbers. What you have is a folder of pictures. This lesson is about the way
# from one to the other, on which many models silently go wrong.
#
# Pillow opens and draws pictures, and NumPy turns one into an array of bytes, 0 to 255.
#
# **Before you go on:** the picture below is 6 pixels wide, 4 high, in colour: red, green, blue. Which
# shape will the array have?

# %%
import numpy as np
from PIL import Image, ImageDraw

import autodiff as ad
import viz

picture = Image.new("RGB", (6, 4), "black")
ImageDraw.Draw(picture).rectangle((3, 0, 5, 1), fill=(255, 128, 0))
pixels = np.asarray(picture)
print("Pillow's size:", picture.size, " array:", pixels.shape, pixels.dtype)
print(pixels[0].tolist())

# %% [predict]
predict.shape(
    pixels.shape,
    wrong={
        (6, 4, 3): "Pillow says width first. Arrays are rows of pixels, so "
        "the height comes first.",
        (3, 4, 6): "So the layers of a model want it. In an array from "
        "Pillow the three colours of a pixel lie together, at the end.",
        (4, 6): "So it would be in gray. Each pixel has three colours.",
    },
    because="4 rows of 6 pixels of 3 colours: height, width, channels.",
)

# %% [markdown]
# Models want the channels first, a whole red picture, a green one, a blue one; and numbers between 0
# and 1. `permute` puts the dimensions in another order. `reshape` to the same shape does something
# else: it reads the numbers in the old order.
#
# **Before you go on:** both lines below give the shape (3, 4, 6). The orange block is 3 wide and 2
# high. Is it a block in the red channel of both?

# %%
scaled = ad.tensor(pixels, dtype=ad.float32) / 255
permuted = scaled.permute(2, 0, 1)
reshaped = scaled.reshape(3, 4, 6)
for name, image in {"permute": permuted, "reshape": reshaped}.items():
    print(name, list(image.shape))
    for row in image[0].tolist():
        print("   ", "  ".join(f"{v:.1f}" for v in row))

# %% [predict]
predict.choice(
    "no" if not ad.equal(permuted, reshaped) else "yes",
    options=("yes", "no"),
    wrong={
        "yes": "reshape cuts the same row of numbers differently: what it "
        "calls the red channel is their first third, all colours mixed."
    },
    because="The shapes are equal and nothing fails, but reshape has "
    "scrambled the picture. A model would never see the block.",
)

# %% [markdown]
# That is worth doing once by hand.

# %% [exercise] to-tensor

# %% [markdown]
# From now on `ToTensor` does it. It is a **transform**: a thing that you call with an image. `Compose`
# runs several in a row; `Normalize` subtracts a mean and divides by a deviation, since models learn
# more easily from numbers around 0.
#
# **Before you go on:** after ToTensor white is 1 and black is 0. What are they after Normalize with
# mean 0.5 and deviation 0.5?

# %%
from autodiff.vision import transforms

transform = transforms.Compose(
    [
        transforms.Grayscale(),
        transforms.ToTensor(),
        transforms.Normalize((0.5,), (0.5,)),
    ]
)
white, black = (Image.new("RGB", (2, 1), c) for c in ("white", "black"))
print("orange block:", list(transform(picture).shape))
ends = [transform(image).max().item() for image in (white, black)]
print("white and black:", ends)

# %% [predict]
predict.number(
    ends,
    wrong={
        (0.5, -0.5): "That is after subtracting the mean; then comes the "
        "division by 0.5.",
        (1.0, 0.0): "Normalize moves and stretches them.",
        (-1.0, 1.0): "The other way round: white is the larger one.",
    },
    because="(1 - 0.5) / 0.5 and (0 - 0.5) / 0.5.",
)

# %% [markdown]
# A **Dataset** answers two questions: how many samples are there (`__len__`), and what is sample i
# (`__getitem__`). That is all. Here the samples are files, drawn for the occasion: disks and squares
# somewhere in a picture. A file is opened only when its sample is asked for.
#
# **Before you go on:** how many files will have been opened when the lines below have run?

# %%
import tempfile
from pathlib import Path

from autodiff.utils.data import DataLoader, Dataset

folder = Path(tempfile.mkdtemp())
rng = np.random.default_rng(0)
for number in range(50):
    image = Image.new("L", (16, 16), 0)
    draw = ImageDraw.Draw(image)
    x, y = rng.integers(1, 7, 2).tolist()
    kinds = ("disk", draw.ellipse), ("square", draw.rectangle)
    name, outline = kinds[number % 2]
    outline((x, y, x + 8, y + 8), fill=255)
    image.save(folder / f"{number:02}-{name}.png")


class Shapes(Dataset):
    def __init__(self, folder, transform):
        self.files, self.transform = sorted(folder.glob("*.png")), transform
        self.opened = 0

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        self.opened += 1
        file = self.files[index]
        label = int("square" in file.name)
        return self.transform(Image.open(file)), label


shapes = Shapes(folder, transform)
image, label = shapes[0]
print(len(shapes), "samples; sample 0:", list(image.shape), "label", label)
print("files opened:", shapes.opened)

# %% [predict]
predict.number(
    shapes.opened,
    wrong={
        50.0: "Only the names of the files were listed. `len` needs no file "
        "to be opened.",
        0.0: "Sample 0 was asked for, and that one was opened.",
    },
    because="One: that of sample 0. So a data set may be far larger than "
    "the memory.",
)

# %% [markdown]
# A **DataLoader** asks for samples and stacks them into batches, with a new dimension in front.
#
# **Before you go on:** batches of 8 from 50 images of 1 x 16 x 16. What is the shape of the *last*
# batch of images?

# %%
ad.manual_seed(5)
loader = DataLoader(shapes, batch_size=8, shuffle=True)
batches = list(loader)
images, labels = batches[-1]
print("batches:", len(batches), " sizes:", [len(x) for x, _ in batches])
print("last one:", list(images.shape), images.dtype, labels.dtype)
for row in ad.cat([*images[:, 0, ::2]], dim=1).tolist():
    print("   ", "".join(" #"[int(v > 0)] * 2 for v in row).rstrip())

# %% [predict]
predict.shape(
    images.shape,
    wrong={
        (8, 1, 16, 16): "Six batches of 8 are 48 images. Two are left.",
        (2, 16, 16): "The channel stays, even if there is only one.",
        (1, 2, 16, 16): "The new dimension is in front of the channels.",
    },
    because="50 = 6 * 8 + 2, so the last batch is smaller. "
    "`drop_last=True` would leave it out.",
)

# %% [markdown]
# `shuffle=True` deals a new order in each epoch. Why bother? Suppose that the files are sorted by
# kind, as they often are: first all disks, then all squares. A small model learns from them for three
# epochs, in order, and shuffled.
#
# **Before you go on:** half of the images are disks. Of the images that it has learned from in order,
# what share will the model get right?

# %%
from autodiff import nn

sorted_shapes = Shapes(folder, transform)
sorted_shapes.files.sort(key=lambda file: file.stem[3:])
shares = []
for shuffle in (False, True):
    ad.manual_seed(0)
    dealt = DataLoader(sorted_shapes, batch_size=8, shuffle=shuffle)
    model = nn.Sequential(nn.Flatten(), nn.Linear(256, 2))
    optimizer = ad.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(3):
        for x, y in dealt:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
    x, y = next(iter(DataLoader(sorted_shapes, batch_size=50)))
    answers = model(x).argmax(1)
    shares.append((answers == y).float().mean().item())
    print(f"shuffle={shuffle!s:5} right {shares[-1]:.0%}", end="  ")
    print("answers 'square':", answers.sum().item())

# %% [predict]
predict.number(
    shares[0],
    wrong={
        1.0: "It has seen all of them three times. But each time the last "
        "thing it saw were 25 squares in a row.",
        0.0: "One of the two answers is right for half of them.",
    },
    because="It says 'square' to everything: that is what the last batches "
    "of each epoch taught it, over what the disks before them had.",
)

# %% [markdown]
# All images of a batch must have one shape. If your files have different sizes, bring them to one in
# the transform, with `Resize` or a crop. The error comes from the stacking, not from your model.

# %%
from autodiff.utils.data import default_collate

try:
    default_collate([ad.zeros(1, 16, 16), ad.zeros(1, 12, 16)])
except RuntimeError as error:
    print(error)
resize = transforms.Resize((16, 16))
odd = Image.new("L", (12, 40))
print("resized:", list(transforms.ToTensor()(resize(odd)).shape))

# %% [markdown]
# Random transforms make more of few images: each time a sample is asked for, it comes out a little
# different. That is for training only; what you measure on should stay the same.
#
# **Before you go on:** the same sample is asked for three times. How many different images come out:
# of the training set, and of the test set?

# %%
ad.manual_seed(3)
moving = transforms.Compose(
    [transforms.RandomCrop(16, padding=3), transforms.ToTensor()]
)
different = []
for name, change in {"train": moving, "test": transform}.items():
    data = Shapes(folder, change)
    seen = {tuple(data[0][0].flatten().tolist()) for _ in range(3)}
    different.append(len(seen))
    print(name, "different images:", len(seen))

# %% [predict]
predict.number(
    different,
    wrong={
        (3.0, 3.0): "The transform of the test set has nothing random.",
        (1.0, 1.0): "A random crop is drawn anew each time it is called.",
    },
    because="The data set keeps files, not images, and runs the transform "
    "each time.",
)

# %% [markdown]
# The numbers for `Normalize` come from the data. From which? If the test images take part in it, the
# model has been told something about them before the test. So compute them from the training part,
# and use the same numbers for both.

# %%
from autodiff.utils.data import random_split

generator = ad.Generator().manual_seed(0)
plain = Shapes(folder, transforms.ToTensor())
train_part, test_part = random_split(plain, [40, 10], generator=generator)
for name, part in {"train": train_part, "test": test_part}.items():
    images = ad.stack([image for image, _ in part])
    print(f"{name:5} {len(part)} images, mean {images.mean().item():.4f}")
mean = ad.stack([image for image, _ in train_part]).mean().item()
print(f"for both: Normalize(({mean:.4f},), ...)")

# %% [markdown]
# A batch enters the graph as a leaf that asks for nothing: images are inputs, not parameters. Labels
# are integers, which *could* not have a gradient: there is no slope between class 0 and class 1.
#
# **Before you go on:** what happens when a label is asked to require a gradient?

# %%
images, labels = next(iter(loader))
model = nn.Sequential(nn.Flatten(), nn.Linear(256, 2))
loss = nn.functional.cross_entropy(model(images[:2]), labels[:2])
print(viz.graph(loss))
print("images ask:", images.requires_grad, "\n")
try:
    labels.requires_grad_()
    outcome = "it is allowed"
except RuntimeError as error:
    outcome = "an error"
    print(error)

# %% [predict]
predict.choice(
    outcome,
    options=("an error", "it is allowed", "it becomes a float"),
    wrong={
        "it is allowed": "A gradient says what a small change would do, and "
        "an integer cannot change by a little.",
        "it becomes a float": "Nothing is converted behind your back.",
    },
    because="Only floating point tensors can require gradients.",
)

# %% [markdown]
# The last exercise: a data set of your own, from a table of numbers.

# %% [exercise] dataset

# %% [markdown]
# **What you take along**
#
# - `permute` moves dimensions; `reshape` scrambles them, with the right shape.
# - A Dataset knows its length and sample i; a DataLoader deals batches.
# - Shuffle for training. Take the numbers of `Normalize` from the training part
#   alone.
#
# All parts are on the table. Next you put them together.
