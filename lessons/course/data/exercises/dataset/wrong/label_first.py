# expect: the image comes first
import autodiff as ad
from autodiff.utils.data import Dataset


class Table(Dataset):
    def __init__(self, lines):
        self.lines = lines

    def __len__(self):
        return len(self.lines)

    def __getitem__(self, index):
        label, *pixels = self.lines[index].split(",")
        pixels = ad.tensor([float(pixel) for pixel in pixels])
        return int(label), pixels.view(1, 2, 2) / 16
