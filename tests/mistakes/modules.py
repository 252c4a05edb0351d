"""Modules and their parts."""

from __future__ import annotations

from typing import Any

from tests.mistakes.mistake import Mistake


def parameter_before_init(m: Any) -> Any:
    class Forgetful(m.nn.Module):
        def __init__(self) -> None:
            self.weight = m.nn.Parameter(m.ones(1))

    return Forgetful()


def called_the_class(m: Any) -> Any:
    class Net(m.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = m.nn.Linear(2, 1)

        def forward(self, x: Any) -> Any:
            return self.layer(x)

    return Net(m.ones(1, 2))


MISTAKES = [
    Mistake(
        "calling the class",
        called_the_class,
        TypeError,
        "Net() got a Tensor, and its __init__ does not take one",
    ),
    Mistake(
        "batch of one",
        lambda m: m.nn.BatchNorm1d(3)(m.ones(1, 3)),
        ValueError,
        "Expected more than 1 value per channel when training, got input size",
    ),
    Mistake(
        "image for a one-dimensional norm",
        lambda m: m.nn.BatchNorm2d(3)(m.ones(2, 3)),
        ValueError,
        "expected 4D input (got 2D input)",
        explains=False,
    ),
    Mistake(
        "word out of the table",
        lambda m: m.nn.Embedding(3, 2)(m.tensor([3])),
        IndexError,
        "index out of range in self",
    ),
    Mistake(
        "words that are no numbers",
        lambda m: m.nn.Embedding(3, 2)(m.tensor([1.0])),
        RuntimeError,
        "Expected tensor for argument",
        explains=False,
    ),
    Mistake(
        "features of a sequence",
        lambda m: m.nn.LSTM(3, 2)(m.ones(5, 2, 4)),
        RuntimeError,
        "input.size(-1) must be equal to input_size. Expected 3, got 4",
        explains=False,
    ),
    Mistake(
        "shape to normalize",
        lambda m: m.nn.LayerNorm(3)(m.ones(2, 4)),
        RuntimeError,
        "Given normalized_shape=[3], expected input with shape [*, 3], but got",
        explains=False,
    ),
    Mistake(
        "heads",
        lambda m: m.nn.MultiheadAttention(5, 2),
        AssertionError,
        "embed_dim must be divisible by num_heads",
        explains=False,
    ),
    Mistake(
        "border larger than the image",
        lambda m: m.nn.functional.pad(m.ones(1, 1, 3), (3, 0), mode="reflect"),
        RuntimeError,
        "Padding size should be less than the corresponding input dimension",
        explains=False,
    ),
    Mistake(
        "transposed channels",
        lambda m: m.nn.ConvTranspose2d(3, 2, 2)(m.ones(1, 4, 5, 5)),
        RuntimeError,
        "expected input[1, 4, 5, 5] to",
    ),
    Mistake(
        "features",
        lambda m: m.nn.Linear(3, 2)(m.ones(1, 4)),
        RuntimeError,
        "mat1 and mat2 shapes cannot be multiplied: a linear layer of 3 input",
    ),
    Mistake(
        "channels",
        lambda m: m.nn.Conv2d(3, 2, 3)(m.ones(1, 1, 8, 8)),
        RuntimeError,
        "Given groups=1, weight of size [2, 3, 3, 3], expected input[1, 1, 8,",
    ),
    Mistake(
        "groups",
        lambda m: m.nn.Conv2d(3, 2, 3, groups=2),
        ValueError,
        "in_channels (3) and out_channels (2) must be divisible by groups (2).",
    ),
    Mistake(
        "kernel too large",
        lambda m: m.nn.Conv2d(1, 2, 9)(m.ones(1, 1, 8, 8)),
        RuntimeError,
        "conv2d: a window of (9, 9) with padding (0, 0) does not fit into an",
    ),
    Mistake(
        "image without dimensions",
        lambda m: m.nn.Conv2d(1, 2, 3)(m.ones(8, 8)),
        RuntimeError,
        "Given groups=1, weight of size [2, 1, 3, 3], expected input[8, 8] to",
    ),
    Mistake(
        "pool too large",
        lambda m: m.nn.MaxPool2d(9)(m.ones(1, 1, 8, 8)),
        RuntimeError,
        "max_pool2d: a window of (9, 9) with padding (0, 0) does not fit into",
    ),
    Mistake(
        "dtype of a linear input",
        lambda m: m.nn.Linear(3, 2)(m.ones(1, 3, dtype=m.float64)),
        RuntimeError,
        "linear: input and weight must have the same dtype, but got",
    ),
    Mistake(
        "dtype of an image",
        lambda m: m.nn.Conv2d(1, 2, 3)(m.ones(1, 1, 4, 4, dtype=m.float64)),
        RuntimeError,
        "conv2d: input and weight must have the same dtype, but got",
    ),
    Mistake(
        "dropout",
        lambda m: m.nn.Dropout(1.5),
        ValueError,
        "dropout probability has to be between 0 and 1, but got 1.5.",
        explains=False,
    ),
    Mistake(
        "attention of two batches",
        lambda m: m.nn.MultiheadAttention(2, 1)(*[m.ones(3, 3, 4, 2)] * 3),
        AssertionError,
        "query should be unbatched 2D or batched 3D tensor but received 4-D query tensor",
    ),
    Mistake(
        "one_hot of floats",
        lambda m: m.nn.functional.one_hot(m.ones(2)),
        RuntimeError,
        "one_hot is only applicable to index tensor of type LongTensor, and",
    ),
    Mistake(
        "one_hot too small",
        lambda m: m.nn.functional.one_hot(m.tensor([3]), 2),
        RuntimeError,
        "Class values must be smaller than num_classes (2), and one is 3.",
        explains=False,
    ),
    Mistake(
        "one_hot negative",
        lambda m: m.nn.functional.one_hot(m.tensor([-1])),
        RuntimeError,
        "Class values must be non-negative, and one is -1.",
        explains=False,
    ),
    Mistake(
        "fan of a vector",
        lambda m: m.nn.init.kaiming_uniform_(m.zeros(3)),
        ValueError,
        "Invalid shape for fan_in and fan_out: [3].",
        explains=False,
    ),
    Mistake(
        "gain",
        lambda m: m.nn.init.calculate_gain("unknown"),
        ValueError,
        "Invalid nonlinearity: unknown.",
        explains=False,
    ),
    Mistake(
        "forward is missing",
        lambda m: m.nn.Module()(1),
        NotImplementedError,
        'Module [Module] is missing the required "forward" function',
        explains=False,
    ),
    Mistake(
        "no such attribute",
        lambda m: m.nn.Linear(1, 1).weigth,
        AttributeError,
        "'Linear' object has no attribute 'weigth'",
        explains=False,
    ),
    Mistake(
        "parameter before init",
        lambda m: parameter_before_init(m),
        AttributeError,
        "cannot assign module or parameter before Module.__init__() call, in",
    ),
    Mistake(
        "parameter from a tensor",
        lambda m: setattr(m.nn.Linear(1, 1), "weight", m.ones(1, 1)),
        TypeError,
        "cannot assign 'Tensor' as 'weight': a Parameter or None expected.",
    ),
    Mistake(
        "parameter of integers",
        lambda m: m.nn.Parameter(m.tensor([1, 2])),
        RuntimeError,
        "Only Tensors of floating point dtype can require gradients, and this",
    ),
    Mistake(
        "a name with a dot",
        lambda m: m.nn.Module().add_module("a.b", m.nn.ReLU()),
        KeyError,
        "'a.b' cannot name a part of a module: a name has at least one letter",
        explains=False,
    ),
    Mistake(
        "an empty name",
        lambda m: m.nn.Module().add_module("", m.nn.ReLU()),
        KeyError,
        "'' cannot name a part of a module: a name has at least one letter and",
        explains=False,
    ),
    Mistake(
        "a name that is taken",
        lambda m: m.nn.Linear(1, 1).register_buffer("forward", m.ones(1)),
        KeyError,
        "'forward' cannot name a part of a module: an attribute of this name",
        explains=False,
    ),
    Mistake(
        "no module",
        lambda m: m.nn.Module().add_module("a", 3),
        TypeError,
        "cannot assign 'int' as 'a': a Module or None expected.",
    ),
    Mistake(
        "no module in Sequential",
        lambda m: m.nn.Sequential(m.nn.ReLU(), 3),
        TypeError,
        "cannot assign 'int' as '1': a Module or None expected.",
    ),
    Mistake(
        "a non-leaf parameter",
        lambda m: m.nn.Linear(1, 1).register_parameter("p", m.nn.Parameter(m.ones(1)) * 2),
        TypeError,
        "cannot assign 'Tensor' as 'p': a Parameter or None expected.",
    ),
    Mistake(
        "state is no dict",
        lambda m: m.nn.Linear(1, 1).load_state_dict([1]),
        TypeError,
        "Expected state_dict to be dict-like, got list.",
    ),
    Mistake(
        "index past the end",
        lambda m: m.nn.Sequential(m.nn.ReLU())[1],
        IndexError,
        "list index out of range",
        explains=False,
    ),
]
