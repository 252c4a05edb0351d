"""Mistakes with datasets, samplers and loaders."""

from __future__ import annotations

import signal
from typing import Any

from autodiff.errors.teaching import shown, teach

HOW_TO_SEND = (
    "A new process gets its dataset, collate_fn and worker_init_fn by pickle, which finds "
    "functions and classes by their names: define them at the top of a module, and use no lambda; "
    "or load in this process, with num_workers=0."
)


def index_too_low(index: int, size: int) -> Exception:
    return teach(
        ValueError,
        "absolute value of index should not exceed dataset length, but got "
        f"{index} for {size} samples.",
    )


def split_lengths(total: Any, size: int) -> Exception:
    return teach(
        ValueError,
        f"Sum of input lengths ({total}) does not equal the length of the input dataset ({size}).",
        fix="give lengths that add up, or fractions that sum to 1, as in [0.8, 0.2].",
        lesson="data",
    )


def fraction(number: int) -> Exception:
    return teach(ValueError, f"Fraction at index {number} is not between 0 and 1.")


def empty_part(number: int) -> UserWarning:
    return teach(
        UserWarning,
        f"Length of split at index {number} is 0. This might result in an empty dataset.",
    )


def not_a_count(name: str, value: Any) -> Exception:
    return teach(
        ValueError,
        f"{name} should be a positive integer value, but got {name}={value}.",
        fix="check that the dataset is not empty: len(dataset)." if name == "num_samples" else "",
    )


def weights_not_a_vector(shape: Any) -> Exception:
    return teach(
        ValueError,
        "weights should be a 1d sequence but given weights have shape " + str(shape) + ".",
        why="there is one weight for each sample.",
    )


def no_length(kind: str) -> Exception:
    return teach(
        TypeError,
        f"object of type '{kind}' has no len().",
        why="the loader asks for the samples by their numbers, from 0 to len(dataset) - 1.",
        fix=f"give {kind} a method __len__; or derive it from IterableDataset, with __iter__.",
        lesson="data",
    )


def negative(name: str, fix: str = "") -> Exception:
    return teach(ValueError, f"{name} option should be non-negative.", fix=fix)


def needs_workers(name: str) -> Exception:
    return teach(
        ValueError,
        f"{name} option needs num_workers > 0.",
        why="it says how worker processes load, and with num_workers=0 there are none.",
    )


def order_of_an_iterable(name: str, value: Any) -> Exception:
    return teach(
        ValueError,
        f"DataLoader with IterableDataset: expected unspecified {name} option, but got "
        f"{name}={value}.",
        why="an iterable dataset gives its samples in the order of its __iter__.",
    )


def shuffle_and_sampler() -> Exception:
    return teach(ValueError, "sampler option is mutually exclusive with shuffle.")


def batch_sampler_and_others() -> Exception:
    return teach(
        ValueError,
        "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and "
        "drop_last.",
        why="it decides about all of them.",
    )


def drop_last_without_batches() -> Exception:
    return teach(
        ValueError,
        "batch_size=None option disables auto-batching and is mutually exclusive with drop_last.",
    )


def samples_of_different_shapes(shapes: Any) -> Exception:
    first, *others = shapes
    other = next(shape for shape in others if shape != first)
    return teach(
        RuntimeError,
        f"stack expects each tensor to be equal size, but got {shown(first)} and {shown(other)}.",
        why="a batch is one tensor, so its samples must have one shape.",
        fix="bring the samples to one shape in the dataset, or pass a collate_fn to DataLoader.",
        lesson="data",
    )


def samples_of_different_lengths(lengths: set[int]) -> Exception:
    return teach(
        RuntimeError,
        "each element in list of batch should be of equal size, but lengths are "
        f"{', '.join(map(str, sorted(lengths)))}.",
        why="the first parts of all samples are batched together, then the second ones.",
        fix="bring the samples to one length in the dataset, or pass a collate_fn to DataLoader.",
        lesson="data",
    )


def cannot_collate(kind: str) -> Exception:
    return teach(
        TypeError,
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
        f"found {kind}.",
        fix="give the dataset transform=transforms.ToTensor()."
        if kind.endswith("Image")
        else "return one of these from the dataset, or pass a collate_fn to DataLoader.",
        lesson="data",
    )


def from_worker(kind: type[Exception], name: str, text: str, worker: int) -> Exception:
    message = f"Caught {name} in DataLoader worker process {worker}.\nOriginal {text}"
    if kind is KeyError:
        return KeyError(_AsItIs(message))
    if kind is StopIteration:  # it would end the loop without a word
        kind = RuntimeError
    try:
        return kind(message)
    except Exception:  # a type that is made of more than a message
        return RuntimeError(message)


class _AsItIs(str):
    """A message that a KeyError shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def timed_out(seconds: float) -> Exception:
    return teach(
        RuntimeError,
        f"DataLoader timed out after {seconds} seconds.",
        why="no worker had the next batch ready in that time.",
        fix="raise timeout, or find what a worker waits for: num_workers=0 loads in this process.",
    )


def worker_gone(pid: int, code: int | None, forked: bool) -> Exception:
    if code is not None and code < 0:
        what = f"is killed by signal: {signal.Signals(-code).name}"
        why = "another program ended it, or the system did when memory ran out."
        fix = "use fewer workers or smaller batches."
    else:
        what = f"exited unexpectedly with exit code {code}"
        why = "the process ended before it could answer; see what it printed above."
        fix = "num_workers=0 loads in this process and shows the error."
        if not forked:
            why += " A new process imports the main program."
            fix = 'keep the main part of the program under if __name__ == "__main__": ; ' + fix
    return teach(RuntimeError, f"DataLoader worker (pid {pid}) {what}.", why=why, fix=fix)


def two_at_once() -> Exception:
    return teach(
        RuntimeError,
        "this DataLoader was started again while an earlier pass over it went on.",
        why="its persistent workers serve one pass at a time.",
        fix="use a second DataLoader, or persistent_workers=False.",
    )
