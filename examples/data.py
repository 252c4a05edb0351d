"""A data set of one's own: pictures in files and their labels in a table, as batches."""

import csv
import tempfile
from pathlib import Path

import autodiff as torch
from autodiff.utils.data import DataLoader, Dataset
from autodiff.vision import transforms
from autodiff.vision.io import decode_image
from autodiff.vision.utils import save_image

names = ["dark", "bright"]


def make_pictures(folder):
    """Twelve pictures, and a table that says for each one which class it has."""
    with open(folder / "labels.csv", "w", newline="") as file:
        table = csv.writer(file)
        for i in range(12):
            shade = 0.2 if i % 3 else 0.8
            save_image(torch.full((3, 10 + i, 12), shade), folder / f"{i}.png")
            table.writerow([f"{i}.png", int(shade > 0.5)])


class PictureDataset(Dataset):
    def __init__(self, annotations, folder, transform=None, target_transform=None):
        with open(annotations, newline="") as file:
            self.labels = [(name, int(label)) for name, label in csv.reader(file)]
        self.folder = folder
        self.transform = transform
        self.target_transform = target_transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        name, label = self.labels[i]
        image = decode_image(self.folder / name)
        if self.transform:
            image = self.transform(image)
        if self.target_transform:
            label = self.target_transform(label)
        return image, label


def one_hot(label):
    return torch.zeros(2).scatter_(0, torch.tensor([label]), 1.0)


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    make_pictures(folder)
    plain = PictureDataset(folder / "labels.csv", folder)
    for i in (0, 1):
        image, label = plain[i]
        print(f"picture {i}: {tuple(image.shape)}, {image.dtype}, {names[label]}")

    # Pictures of several sizes become tensors of one size, so that they fit into a batch.
    change = transforms.Compose(
        [transforms.Resize((8, 8)), transforms.ConvertImageDtype(torch.float)]
    )
    dataset = PictureDataset(folder / "labels.csv", folder, change, one_hot)
    for images, labels in DataLoader(dataset, batch_size=4, num_workers=2):
        shades = [round(shade, 2) for shade in images.mean(dim=(1, 2, 3)).tolist()]
        print(
            "batch:", tuple(images.shape), "shades:", shades, "labels:", labels.argmax(1).tolist()
        )
