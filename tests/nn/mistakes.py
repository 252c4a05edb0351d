"""The table of mistakes with modules, losses, optimizers and data; see `tests.mistakes`."""

from __future__ import annotations

from typing import Any

from tests.mistakes import Mistake

__all__ = ["MISTAKES"]


def parameter_before_init(m: Any) -> Any:
    class Forgetful(m.nn.Module):
        def __init__(self) -> None:
            self.weight = m.nn.Parameter(m.ones(1))

    return Forgetful()


def same_parameter_twice(m: Any) -> Any:
    w = m.ones(1, requires_grad=True)
    return m.optim.SGD([{"params": [w]}, {"params": [w]}], lr=0.1)


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
        "probabilities",
        lambda m: m.nn.BCELoss()(m.tensor([2.0]), m.tensor([1.0])),
        RuntimeError,
        "all elements of input should be between 0 and 1",
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
        "class too large",
        lambda m: m.nn.CrossEntropyLoss()(m.ones(1, 3), m.tensor([3])),
        IndexError,
        "Target 3 is out of bounds.",
    ),
    Mistake(
        "class below zero",
        lambda m: m.nn.CrossEntropyLoss()(m.ones(1, 3), m.tensor([-1])),
        IndexError,
        "Target -1 is out of bounds.",
    ),
    Mistake(
        "class of int32",
        lambda m: m.nn.NLLLoss()(m.ones(1, 3), m.tensor([1], dtype=m.int32)),
        RuntimeError,
        "expected scalar type Long for the target, but found autodiff.int32.",
    ),
    Mistake(
        "count of classes",
        lambda m: m.nn.CrossEntropyLoss()(m.ones(2, 3), m.tensor([1])),
        ValueError,
        "Expected input batch_size (2) to match target batch_size (1): input",
    ),
    Mistake(
        "float classes",
        lambda m: m.nn.CrossEntropyLoss()(m.ones(2, 3), m.tensor([1.0, 0.0])),
        RuntimeError,
        "expected scalar type Long for the target, but found autodiff.float32.",
    ),
    Mistake(
        "reduction",
        lambda m: m.nn.functional.mse_loss(m.ones(1), m.ones(1), reduction="max"),
        ValueError,
        "max is not a valid value for reduction: mean, sum or none.",
        explains=False,
    ),
    Mistake(
        "reduction none",
        lambda m: m.nn.CrossEntropyLoss(reduction="x")(m.ones(1, 3), m.tensor([1])),
        ValueError,
        "x is not a valid value for reduction: mean, sum or none.",
        explains=False,
    ),
    Mistake(
        "shapes of mse",
        lambda m: m.nn.MSELoss()(m.ones(2), m.ones(3)),
        RuntimeError,
        "The size of tensor a (2) must match the size of tensor b (3) at",
    ),
    Mistake(
        "dropout",
        lambda m: m.nn.Dropout(1.5),
        ValueError,
        "dropout probability has to be between 0 and 1, but got 1.5.",
        explains=False,
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
    Mistake(
        "empty SGD",
        lambda m: m.optim.SGD([], lr=0.1),
        ValueError,
        "optimizer got an empty parameter list.",
    ),
    Mistake(
        "SGD of no list",
        lambda m: m.optim.SGD(m.ones(1, requires_grad=True), lr=0.1),
        TypeError,
        "params argument given to the optimizer should be an iterable of",
    ),
    Mistake(
        "SGD of a number",
        lambda m: m.optim.SGD([1.0], lr=0.1),
        TypeError,
        "optimizer can only optimize Tensors, but one of the params is float.",
        explains=False,
    ),
    Mistake(
        "SGD of a non-leaf",
        lambda m: m.optim.SGD([m.ones(1, requires_grad=True) * 2], lr=0.1),
        ValueError,
        "can't optimize a non-leaf Tensor.",
    ),
    Mistake(
        "SGD of one twice",
        lambda m: same_parameter_twice(m),
        ValueError,
        "some parameters appear in more than one parameter group.",
    ),
    Mistake(
        "negative rate",
        lambda m: m.optim.SGD([m.ones(1)], lr=-0.1),
        ValueError,
        "Invalid learning rate: -0.1.",
        explains=False,
    ),
    Mistake(
        "Nesterov",
        lambda m: m.optim.SGD([m.ones(1)], lr=0.1, nesterov=True),
        ValueError,
        "Nesterov momentum requires a momentum and zero dampening.",
    ),
    Mistake(
        "beta",
        lambda m: m.optim.Adam([m.ones(1)], betas=(1.0, 0.9)),
        ValueError,
        "Invalid beta parameter: 1.0.",
        explains=False,
    ),
    Mistake(
        "batch size",
        lambda m: m.utils.data.DataLoader(range(3), batch_size=0),
        ValueError,
        "batch_size should be a positive integer value, but got batch_size=0",
        explains=False,
    ),
    Mistake(
        "shuffle and sampler",
        lambda m: m.utils.data.DataLoader(range(3), shuffle=True, sampler=[0]),
        ValueError,
        "sampler option is mutually exclusive with shuffle.",
        explains=False,
    ),
    Mistake(
        "lengths",
        lambda m: m.utils.data.random_split(range(5), [2, 2]),
        ValueError,
        "Sum of input lengths (4) does not equal the length of the input",
    ),
    Mistake(
        "different lengths",
        lambda m: m.utils.data.TensorDataset(m.ones(2), m.ones(3)),
        AssertionError,
        "Size mismatch between tensors",
        explains=False,
    ),
    Mistake(
        "unequal samples",
        lambda m: m.utils.data.default_collate([m.ones(2), m.ones(3)]),
        RuntimeError,
        "stack expects each tensor to be equal size, but got [2] and [3].",
    ),
    Mistake(
        "unknown samples",
        lambda m: m.utils.data.default_collate([object()]),
        TypeError,
        "default_collate: batch must contain tensors, numpy arrays, numbers,",
    ),
]
