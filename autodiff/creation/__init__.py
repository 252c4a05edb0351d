"""Making tensors: from data, filled with one value, in sequence, and at random."""

from autodiff.creation import in_place as in_place  # the methods normal_, uniform_, ...
from autodiff.creation.data import as_array as as_array
from autodiff.creation.data import is_floating_point, is_tensor, numel, tensor
from autodiff.creation.filled import (
    empty,
    empty_like,
    eye,
    full,
    full_like,
    ones,
    ones_like,
    scalar_tensor,
    zeros,
    zeros_like,
)
from autodiff.creation.ranges import arange, linspace, logspace, tril_indices, triu_indices
from autodiff.creation.sampling import (
    bernoulli,
    multinomial,
    normal,
    rand,
    rand_like,
    randint,
    randint_like,
    randn,
    randn_like,
    randperm,
)

__all__ = [
    "arange", "bernoulli", "empty", "empty_like", "eye", "full", "full_like", "is_floating_point",
    "is_tensor", "linspace", "logspace", "multinomial", "normal", "numel", "ones", "ones_like",
    "rand", "rand_like", "randint", "randint_like", "randn", "randn_like", "randperm",
    "scalar_tensor", "tensor", "tril_indices", "triu_indices", "zeros", "zeros_like",
]  # fmt: skip
