"""Mistakes with modules, optimizers and data."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


def module_not_initialized(name: str) -> Exception:
    return teach(
        AttributeError,
        f"cannot assign module or parameter before Module.__init__() call, in {name}.",
        why="the module has no place yet to register its parts in.",
        fix=f"make super().__init__() the first line of {name}.__init__.",
        lesson="modules",
    )


def not_a_part(name: str, value: Any, wanted: str) -> Exception:
    return teach(
        TypeError,
        f"cannot assign {type(value).__name__!r} as {name!r}: {wanted} or None expected.",
        why="a module trains, saves and converts what it finds under its registered names.",
        fix="wrap a tensor in nn.Parameter(...), or write into the present one under no_grad()."
        if wanted == "a Parameter"
        else "",
        lesson="modules",
    )


def state_not_a_dict(kind: str) -> Exception:
    return teach(
        TypeError,
        f"Expected state_dict to be dict-like, got {kind}.",
        fix="pass what state_dict() of a model gave.",
    )


def part_name(name: Any, problem: str) -> Exception:
    # On one line: Python shows the message of a KeyError in quotes, line ends and all.
    return teach(KeyError, f"{name!r} cannot name a part of a module: {problem}.")


def state_dict_mismatch(
    name: str, missing: list[str], unexpected: list[str], shapes: list[tuple[str, Any, Any]]
) -> Exception:
    lines = [f"Error(s) in loading state_dict for {name}:"]
    if missing:
        lines.append(f"    Missing key(s): {', '.join(missing)}.")
    if unexpected:
        lines.append(f"    Unexpected key(s): {', '.join(unexpected)}.")
    lines += [
        f"    size mismatch for {key}: {shown(given)} in the state, {shown(own)} in the model."
        for key, given, own in shapes
    ]
    return teach(
        RuntimeError,
        "\n".join(lines),
        why="the state was saved from a model with other layers or sizes. Nothing was copied.",
        fix="build the same model; or pass strict=False to skip missing and unexpected names.",
        lesson="modules",
    )


def target_shape(x: Any, target: Any) -> Exception:
    return teach(
        ValueError,
        f"Expected input batch_size ({x[0] if x else 'none'}) to match target batch_size "
        f"({target[0] if target else 'none'}): input {shown(x)}, target {shown(target)}.",
        why="input has shape (N, C), one score for each class; target has shape (N,), one class "
        "number for each sample.",
        lesson="losses",
    )


def several_targets(x: Any, target: Any) -> Exception:
    return teach(
        RuntimeError,
        f"0D or 1D target tensor expected, multi-target not supported: input {shown(x)}, target "
        f"{shown(target)}.",
        why="input has shape (N, C), one score for each class; target has shape (N,), one class "
        "number for each sample.",
        fix="target.squeeze(1), or target.argmax(1) where it is one-hot.",
        lesson="losses",
    )


def probabilities_dtype(dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"Expected floating point type for target with class probabilities, got {dtype}.",
        why="a target in the shape of the input holds a probability for each class.",
        fix="target.float(); or target.argmax(1) for class numbers.",
        lesson="losses",
    )


def target_not_like_input(target: Any, x: Any) -> Exception:
    return teach(
        RuntimeError,
        f"Found dtype {target} for the target, but expected {x}.",
        why="a binary target is the probability of 'yes', a number like those it is compared with.",
        fix="target.float()" if str(x).endswith("float32") else f"target.to({x})",
        lesson="losses",
    )


def binary_target_shape(x: Any, target: Any) -> Exception:
    return teach(
        ValueError,
        f"Target size ({shown(target)}) must be the same as input size ({shown(x)}).",
        why="each score is compared with a target of its own.",
        fix="target = target.unsqueeze(1) or target.view_as(x), as the shapes ask for.",
        lesson="losses",
    )


def target_dtype(dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"expected scalar type Long for the target, but found {dtype}.",
        why="the target holds class numbers.",
        fix="target.long()",
        lesson="losses",
    )


def target_out_of_bounds(target: int, classes: int) -> Exception:
    return teach(
        IndexError,
        f"Target {target} is out of bounds.",
        why=f"the input has scores for {classes} classes, numbered 0 to {classes - 1}.",
        fix="number the classes from 0, or give the last layer more outputs.",
        lesson="losses",
    )


def reduction(value: Any) -> Exception:
    return teach(ValueError, f"{value} is not a valid value for reduction: mean, sum or none.")


def dropout_probability(p: Any) -> Exception:
    return teach(ValueError, f"dropout probability has to be between 0 and 1, but got {p}.")


def attention_dimensions(ndim: int) -> Exception:
    return teach(
        AssertionError,
        f"query should be unbatched 2D or batched 3D tensor but received {ndim}-D query tensor.",
        why="the heads share the features, the last dimension; the others are places and samples.",
        fix="flatten(0, 1) makes one dimension of samples of two.",
    )


def dropout_dimensions(name: str, x: Any) -> UserWarning:
    return teach(
        UserWarning,
        f"{name}: Received a {len(x)}D input, of shape {shown(x)}.",
        why="its first two dimensions are taken for samples and channels, which are dropped whole.",
        fix="dropout1d is for sequences, dropout2d for images, dropout3d for volumes; unsqueeze(0) "
        "makes a batch of one.",
        lesson="regular",
    )


def classes_not_integer(dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"one_hot is only applicable to index tensor of type LongTensor, and got {dtype}.",
        fix="x.long()",
    )


def class_outside(value: int, classes: int) -> Exception:
    what = "Class values must be non-negative" if value < 0 else "Class values must be smaller than"
    count = "" if value < 0 else f" num_classes ({classes})"
    return teach(RuntimeError, f"{what}{count}, and one is {value}.")


def not_probabilities(low: float, high: float) -> Exception:
    return teach(
        RuntimeError,
        f"all elements of input should be between 0 and 1, and they go from {low:.4g} to "
        f"{high:.4g}.",
        why="binary_cross_entropy takes probabilities, and these look like scores (logits).",
        fix="use binary_cross_entropy_with_logits (BCEWithLogitsLoss), or apply a sigmoid first.",
        lesson="losses",
    )


def squashed_scores(loss: str, squashed_by: str, instead: str) -> Warning:
    return teach(
        UserWarning,
        f"{loss} got what looks like the output of {squashed_by}; it expects scores (logits).",
        why=f"{loss} applies {squashed_by} itself, and twice makes gradients small and training "
        "slow.",
        fix=f"leave {squashed_by} out of the model, or use {instead}.",
        lesson="losses",
    )


def called_the_class(name: str, given: str) -> Exception:
    return teach(
        TypeError,
        f"{name}() got a Tensor, and its __init__ does not take one: {given}.",
        why=f"{name}(...) makes a new {name}; it does not run one.",
        fix=f"make it once, then call it: model = {name}(); model(x).",
        lesson="modules",
    )


def norm_of_one(shape: Any) -> Exception:
    return teach(
        ValueError,
        f"Expected more than 1 value per channel when training, got input size {shown(shape)}",
        why="the variance of a single value is 0, so there is nothing to divide by.",
        fix="use batches of at least 2 (drop_last=True drops a short last one), or call "
        "model.eval() to use the running statistics.",
        lesson="regular",
    )


def no_sequences() -> Exception:
    return teach(
        RuntimeError,
        "received an empty list of sequences",
        why="the longest of them decides the size of the batch.",
    )


def padding_side(side: str) -> Exception:
    return teach(
        RuntimeError,
        f"Expected padding_side to be one of left or right, but got {side}.",
    )


def no_dim(name: str, dim: int) -> UserWarning:
    return teach(
        UserWarning,
        f"Implicit dimension choice for {name}: it sums to 1 along dim={dim}.",
        why="rows or columns: which of them sum to 1 is for the program to say.",
        fix=f"{name}(x, dim=1) for scores of shape (N, C).",
        lesson="losses",
    )
