"""The table of mistakes with schedules, batches and images; see `tests.mistakes`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.mistakes import Mistake

__all__ = ["IMAGES", "MISTAKES"]


def sgd(m: Any, **settings: Any) -> Any:
    return m.optim.SGD([m.ones(1, requires_grad=True)], lr=0.1, **settings)


def schedule(make: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """A program that makes a schedule for an optimizer."""
    return lambda m: make(m.optim.lr_scheduler, sgd(m))


def too_many_steps(m: Any) -> None:
    optimizer = sgd(m, momentum=0.9)
    scheduler = m.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=2)
    for _ in range(4):
        optimizer.step()
        scheduler.step()


def two_optimizers(m: Any) -> Any:
    s = m.optim.lr_scheduler
    first, second = sgd(m), sgd(m)
    return s.SequentialLR(first, [s.StepLR(first, 1), s.StepLR(second, 1)], milestones=[1])


OPTIMIZERS = [
    Mistake(
        "optimizer of a model",
        lambda m: m.optim.SGD(m.nn.Linear(1, 1), lr=0.1),
        TypeError,
        "'Linear' object is not iterable",
    ),
    Mistake(
        "parameters in a set",
        lambda m: m.optim.SGD([{"params": {m.ones(1)}}], lr=0.1),
        TypeError,
        "optimizer parameters need to be organized in ordered collections",
    ),
    Mistake(
        "a group that is a list",
        lambda m: sgd(m).add_param_group([m.ones(1)]),
        TypeError,
        "param_group must be a dict, but got list.",
    ),
    Mistake(
        "state of other groups",
        lambda m: sgd(m).load_state_dict(
            {"state": {}, "param_groups": [{"params": [0]}, {"params": [1]}]}
        ),
        ValueError,
        "loaded state dict has a different number of parameter groups",
    ),
]

SCHEDULES = [
    Mistake(
        "schedule of a model",
        lambda m: m.optim.lr_scheduler.StepLR(m.nn.Linear(1, 1), 3),
        TypeError,
        "Linear is not an Optimizer",
    ),
    Mistake(
        "going on from nothing",
        schedule(lambda s, o: s.StepLR(o, 3, last_epoch=5)),
        KeyError,
        "param 'initial_lr' is not specified in param_groups[0] when resuming",
        explains=False,
    ),
    Mistake(
        "functions for groups",
        schedule(lambda s, o: s.LambdaLR(o, [lambda e: 1.0, lambda e: 1.0])),
        ValueError,
        "expected 1 values for lr_lambdas, got 2.",
    ),
    Mistake(
        "least rates for groups",
        schedule(lambda s, o: s.ReduceLROnPlateau(o, min_lr=[0.1, 0.2])),
        ValueError,
        "expected 1 values for min_lrs, got 2.",
    ),
    Mistake(
        "a factor that raises",
        schedule(lambda s, o: s.ReduceLROnPlateau(o, factor=1.5)),
        ValueError,
        "Factor should be < 1.0",
        explains=False,
    ),
    Mistake(
        "unknown mode",
        schedule(lambda s, o: s.ReduceLROnPlateau(o, mode="down")),
        ValueError,
        "mode down is unknown!",
        explains=False,
    ),
    Mistake(
        "start from zero",
        schedule(lambda s, o: s.LinearLR(o, start_factor=0)),
        ValueError,
        "Starting multiplicative factor",
        explains=False,
    ),
    Mistake(
        "end above one",
        schedule(lambda s, o: s.LinearLR(o, end_factor=2)),
        ValueError,
        "Ending multiplicative factor",
        explains=False,
    ),
    Mistake(
        "constant above one",
        schedule(lambda s, o: s.ConstantLR(o, factor=2)),
        ValueError,
        "Constant multiplicative factor",
        explains=False,
    ),
    Mistake(
        "restart after half an epoch",
        schedule(lambda s, o: s.CosineAnnealingWarmRestarts(o, 0.5)),
        ValueError,
        "Expected positive integer T_0, but got 0.5",
        explains=False,
    ),
    Mistake(
        "epoch before the first",
        schedule(lambda s, o: s.CosineAnnealingWarmRestarts(o, 2).step(-1)),
        ValueError,
        "Expected non-negative epoch, but got -1",
        explains=False,
    ),
    Mistake(
        "cycle of unknown length",
        schedule(lambda s, o: s.OneCycleLR(o, 1.0)),
        ValueError,
        "You must define either total_steps OR (epochs AND steps_per_epoch)",
    ),
    Mistake(
        "cycle of no steps",
        schedule(lambda s, o: s.OneCycleLR(o, 1.0, total_steps=0)),
        ValueError,
        "Expected positive integer total_steps, but got 0",
        explains=False,
    ),
    Mistake(
        "cycle that starts late",
        schedule(lambda s, o: s.OneCycleLR(o, 1.0, total_steps=5, pct_start=2.0)),
        ValueError,
        "Expected float between 0 and 1 pct_start, but got 2.0",
        explains=False,
    ),
    Mistake(
        "cycle of unknown shape",
        schedule(lambda s, o: s.OneCycleLR(o, 1.0, total_steps=5, anneal_strategy="sine")),
        ValueError,
        "anneal_strategy",
        explains=False,
    ),
    Mistake(
        "cycle without momentum",
        lambda m: m.optim.lr_scheduler.OneCycleLR(
            m.optim.Adagrad([m.ones(1, requires_grad=True)]), 1.0, total_steps=5
        ),
        ValueError,
        "optimizer must support momentum or beta1 with `cycle_momentum` option",
    ),
    Mistake(
        "cycle that is over",
        too_many_steps,
        ValueError,
        "Tried to step 3 times. The specified number of total steps is 2",
    ),
    Mistake(
        "sequence of nothing",
        schedule(lambda s, o: s.SequentialLR(o, [], [])),
        ValueError,
        "SequentialLR expects at least one scheduler, but got no scheduler.",
        explains=False,
    ),
    Mistake(
        "a milestone too many",
        schedule(lambda s, o: s.SequentialLR(o, [s.StepLR(o, 1)], [3])),
        ValueError,
        "Sequential Schedulers expects number of schedulers provided to be one",
    ),
    Mistake(
        "plateau in a sequence",
        schedule(lambda s, o: s.SequentialLR(o, [s.ReduceLROnPlateau(o)], [])),
        ValueError,
        "SequentialLR does not support `ReduceLROnPlateau`",
    ),
    Mistake(
        "schedules of two optimizers",
        two_optimizers,
        ValueError,
        "SequentialLR expects all schedulers to belong to the same optimizer",
        explains=False,
    ),
]


def loader(size: int = 3, **settings: Any) -> Callable[[Any], Any]:
    """A program that makes a loader."""
    return lambda m: m.utils.data.DataLoader(range(size), **settings)


def iterable(**settings: Any) -> Callable[[Any], Any]:
    def program(m: Any) -> Any:
        stream = type("Stream", (m.utils.data.IterableDataset,), {"__iter__": lambda self: None})
        return m.utils.data.DataLoader(stream(), **settings)

    return program


def without_length(m: Any) -> Any:
    class Squares(m.utils.data.Dataset):
        def __getitem__(self, i: int) -> int:
            return i * i

    return list(m.utils.data.DataLoader(Squares()))


def failing_worker(m: Any) -> Any:
    class Fragile(m.utils.data.Dataset):
        def __getitem__(self, i: int) -> int:
            return {0: 1}[i]

        def __len__(self) -> int:
            return 2

    return list(m.utils.data.DataLoader(Fragile(), num_workers=1))


DATA = [
    Mistake(
        "negative workers",
        loader(num_workers=-1),
        ValueError,
        "num_workers option should be non-negative",
    ),
    Mistake(
        "negative timeout", loader(timeout=-1), ValueError, "timeout option should be non-negative"
    ),
    Mistake(
        "prefetching without workers",
        loader(prefetch_factor=2),
        ValueError,
        "prefetch_factor option needs num_workers > 0.",
    ),
    Mistake(
        "keeping no workers",
        loader(persistent_workers=True),
        ValueError,
        "persistent_workers option needs num_workers > 0",
    ),
    Mistake(
        "unknown way to start",
        loader(num_workers=1, multiprocessing_context="thread"),
        ValueError,
        "thread",
        explains=False,
    ),
    Mistake(
        "batches decided twice",
        loader(batch_sampler=[[0]], batch_size=2),
        ValueError,
        "batch_sampler option is mutually exclusive with batch_size, shuffle,",
    ),
    Mistake(
        "last of no batches",
        loader(batch_size=None, drop_last=True),
        ValueError,
        "batch_size=None option disables auto-batching and is mutually",
        explains=False,
    ),
    Mistake(
        "shuffling nothing",
        loader(0, shuffle=True),
        ValueError,
        "num_samples should be a positive integer value, but got num_samples=0.",
    ),
    Mistake(
        "shuffling a stream",
        iterable(shuffle=True),
        ValueError,
        "DataLoader with IterableDataset: expected unspecified shuffle option",
    ),
    Mistake(
        "sampling a stream",
        iterable(sampler=[0]),
        ValueError,
        "DataLoader with IterableDataset: expected unspecified sampler option",
    ),
    Mistake(
        "stream without __iter__",
        lambda m: m.utils.data.IterableDataset(),
        TypeError,
        "__iter__",
        explains=False,
    ),
    Mistake("no length", without_length, TypeError, "object of type 'Squares' has no len()"),
    Mistake(
        "no samples",
        lambda m: m.utils.data.Dataset()[0],
        NotImplementedError,
        "Subclasses of Dataset should implement __getitem__.",
        explains=False,
    ),
    Mistake(
        "key error in a worker",
        failing_worker,
        KeyError,
        "Caught KeyError in DataLoader worker process 0.",
        explains=False,
    ),
    Mistake(
        "joining nothing",
        lambda m: m.utils.data.ConcatDataset([]),
        AssertionError,
        "datasets should not be an empty iterable",
        explains=False,
    ),
    Mistake(
        "before the first",
        lambda m: m.utils.data.ConcatDataset([[1], [2]])[-3],
        ValueError,
        "absolute value of index should not exceed dataset length",
        explains=False,
    ),
    Mistake(
        "negative share",
        lambda m: m.utils.data.random_split(range(4), [-0.5, 1.5]),
        ValueError,
        "Fraction at index 0 is not between 0 and 1.",
        explains=False,
    ),
    Mistake(
        "samples of different lengths",
        lambda m: m.utils.data.default_collate([[1, 2], [1]]),
        RuntimeError,
        "each element in list of batch should be of equal size",
    ),
    Mistake(
        "arrays of text",
        lambda m: m.utils.data.default_collate([np.array(["a"]), np.array(["b"])]),
        TypeError,
        "default_collate: batch must contain tensors, numpy arrays, numbers,",
    ),
    Mistake(
        "weights in a matrix",
        lambda m: m.utils.data.WeightedRandomSampler([[1.0, 2.0]], 2),
        ValueError,
        "weights should be a 1d sequence but given weights have shape (1, 2)",
    ),
    Mistake(
        "replacement as a number",
        lambda m: m.utils.data.RandomSampler(range(3), replacement=5),
        TypeError,
        "replacement should be a boolean value, but got 5",
        explains=False,
    ),
    Mistake(
        "drop_last as a number",
        lambda m: m.utils.data.BatchSampler([1], 1, 2),
        ValueError,
        "drop_last should be a boolean value, but got 2",
        explains=False,
    ),
]

MISTAKES = OPTIMIZERS + SCHEDULES + DATA


def transform(name: str, *settings: Any, **more: Any) -> Callable[[Any], Any]:
    """A program that makes a transform, where ``m`` is the library's module of images."""
    return lambda m: getattr(m.transforms, name)(*settings, **more)


def on_an_array(name: str, *settings: Any) -> Callable[[Any], Any]:
    return lambda m: getattr(m.transforms, name)(*settings)(np.zeros((4, 4, 3), np.uint8))


def on_a_tensor(name: str, *settings: Any, pixels: Any = np.uint8) -> Callable[[Any], Any]:
    def program(m: Any) -> Any:
        image = m.transforms.ToTensor()(np.zeros((4, 5, 3), pixels))
        return getattr(m.transforms, name)(*settings)(image)

    return program


IMAGES = [
    Mistake(
        "a tensor to a tensor",
        on_a_tensor("ToTensor"),
        TypeError,
        "pic should be PIL Image or ndarray. Got Tensor.",
    ),
    Mistake(
        "Pillow's pixels of a tensor",
        on_a_tensor("PILToTensor"),
        TypeError,
        "pic should be PIL Image. Got Tensor.",
        explains=False,
    ),
    Mistake(
        "normalize before ToTensor",
        on_an_array("Normalize", 0.5, 0.5),
        TypeError,
        "img should be Tensor Image. Got ndarray.",
    ),
    Mistake(
        "normalize bytes",
        on_a_tensor("Normalize", 0.5, 0.5, pixels=np.int32),
        TypeError,
        "Input tensor should be a float tensor. Got autodiff.int32.",
    ),
    Mistake(
        "no spread",
        on_a_tensor("Normalize", [0.5, 0.5, 0.5], [1.0, 0.0, 1.0]),
        ValueError,
        "std evaluated to zero, leading to division by zero",
    ),
    Mistake(
        "an array in four dimensions",
        lambda m: m.transforms.ToTensor()(np.zeros((1, 4, 4, 3))),
        ValueError,
        "pic should be 2/3 dimensional. Got 4 dimensions.",
    ),
    Mistake(
        "a picture of a list",
        lambda m: m.transforms.ToPILImage()([1]),
        TypeError,
        "pic should be Tensor or ndarray. Got list.",
        explains=False,
    ),
    Mistake(
        "five channels",
        lambda m: m.transforms.ToPILImage()(np.zeros((4, 4, 5), np.uint8)),
        ValueError,
        "pic should not have > 4 channels. Got 5 channels.",
    ),
    Mistake(
        "flipping an array",
        on_an_array("RandomHorizontalFlip", 1.0),
        TypeError,
        "an image is a PIL image or a Tensor",
    ),
    Mistake(
        "a crop too large",
        on_a_tensor("RandomCrop", 6),
        ValueError,
        "Required crop size (6, 6) is larger than input image size (4, 5).",
    ),
    Mistake(
        "three sizes",
        transform("Resize", (1, 2, 3)),
        ValueError,
        "If size is a sequence, it should have 1 or 2 values",
        explains=False,
    ),
    Mistake(
        "size as text",
        transform("Resize", 2.5),
        TypeError,
        "Size should be int or sequence. Got float",
        explains=False,
    ),
    Mistake(
        "two sizes and a limit",
        lambda m: m.transforms.Resize((2, 2), max_size=3)(
            m.transforms.ToTensor()(np.zeros((4, 5, 3)))
        ),
        ValueError,
        "max_size should only be passed if size specifies the length of the",
        explains=False,
    ),
    Mistake(
        "unknown border",
        transform("Pad", 1, padding_mode="mirror"),
        ValueError,
        "Padding mode should be",
        explains=False,
    ),
    Mistake(
        "three borders",
        transform("Pad", (1, 2, 3)),
        ValueError,
        "Padding must be an int or a 1, 2, or 4 element tuple, not a 3",
        explains=False,
    ),
    Mistake(
        "negative degrees",
        transform("RandomRotation", -3),
        ValueError,
        "If degrees is a single number, it must be positive.",
    ),
    Mistake(
        "chance above one",
        transform("RandomErasing", p=2),
        ValueError,
        "Random erasing probability should be between 0 and 1",
        explains=False,
    ),
    Mistake(
        "no function",
        transform("Lambda", 3),
        TypeError,
        "Argument lambd should be callable, got int.",
        explains=False,
    ),
    Mistake(
        "a grid of numbers",
        lambda m: m.utils.make_grid([1, 2]),
        TypeError,
        "tensor or list of tensors expected, got",
        explains=False,
    ),
    Mistake(
        "fake and out of range",
        lambda m: m.datasets.FakeData(size=2)[2],
        IndexError,
        "FakeData index out of range",
        explains=False,
    ),
    Mistake(
        "MNIST that is not there",
        lambda m: m.datasets.MNIST("/nowhere/at/all"),
        RuntimeError,
        "Dataset not found",
    ),
    Mistake(
        "CIFAR10 that is not there",
        lambda m: m.datasets.CIFAR10("/nowhere/at/all"),
        RuntimeError,
        "Dataset not found",
    ),
]
