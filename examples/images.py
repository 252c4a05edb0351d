"""A picture, from a file to a batch: Pillow, then arrays, then tensors."""

import io

import numpy as np
from PIL import Image, ImageDraw

import autodiff as torch
from autodiff.vision import transforms

torch.manual_seed(0)

# Any picture file would do; this one is drawn, and "saved" into memory.
drawing = Image.new("RGB", (60, 40), "navy")
ImageDraw.Draw(drawing).ellipse((10, 5, 40, 35), fill="gold")
file = io.BytesIO()
drawing.save(file, "PNG")

image = Image.open(file).convert("RGB")
print("Pillow:", image.size, image.mode, "(width, height)")

pixels = np.asarray(image)
print(
    "NumPy:", pixels.shape, pixels.dtype, "(height, width, colours); in the circle:", pixels[20, 25]
)

tensor = transforms.ToTensor()(image)
print("tensor:", tuple(tensor.shape), tensor.dtype, "(colours, height, width), from 0 to 1")
print("mean of each colour:", [round(v, 3) for v in tensor.mean(dim=(1, 2)).tolist()])

# Small random changes make many training pictures of one.
augment = transforms.Compose(
    [
        transforms.RandomResizedCrop(32, scale=(0.5, 1.0)),
        transforms.RandomHorizontalFlip(),
        transforms.RandomRotation(15),
        transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ]
)
print(augment)
batch = torch.stack([augment(image) for _ in range(4)])
print("batch:", tuple(batch.shape), "from", round(batch.min().item(), 2), "to", batch.max().item())
