# expect: a line of a line is a line
from itertools import pairwise

from autodiff import nn


class Stack(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        pairs = pairwise(sizes)
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairs)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
