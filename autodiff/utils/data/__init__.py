"""From a collection of samples to shuffled batches."""

from autodiff.utils.data.dataset import Dataset, Subset, TensorDataset, random_split
from autodiff.utils.data.loader import DataLoader, default_collate
from autodiff.utils.data.sampler import BatchSampler, RandomSampler, Sampler, SequentialSampler

__all__ = [
    "BatchSampler", "DataLoader", "Dataset", "RandomSampler", "Sampler", "SequentialSampler",
    "Subset", "TensorDataset", "default_collate", "random_split",
]  # fmt: skip
