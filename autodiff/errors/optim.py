"""Mistakes with optimizers' parameters, and with schedules of the learning rate."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import teach


def no_parameters() -> Exception:
    return teach(
        ValueError,
        "optimizer got an empty parameter list.",
        why="model.parameters() is a generator and may be used up, or the model registers no "
        "Parameter: layers in a plain Python list are not found.",
        fix="call model.parameters() again; keep layers in nn.ModuleList or nn.Sequential.",
        lesson="modules",
    )


def not_a_list_of_parameters(kind: str) -> Exception:
    return teach(
        TypeError,
        "params argument given to the optimizer should be an iterable of Tensors or dicts, but "
        f"got {kind}.",
        fix="put a single tensor into a list: [w].",
    )


def not_a_parameter(kind: str) -> Exception:
    return teach(
        TypeError, f"optimizer can only optimize Tensors, but one of the params is {kind}."
    )


def parameter_in_two_groups() -> Exception:
    return teach(
        ValueError,
        "some parameters appear in more than one parameter group.",
        why="they would be changed twice in each step.",
        lesson="modules",
    )


def not_a_leaf_parameter() -> Exception:
    return teach(
        ValueError,
        "can't optimize a non-leaf Tensor.",
        why="it was computed from other tensors, so a new value for it would be overwritten.",
        fix="optimize the leaves it is computed from, or start from x.detach().requires_grad_().",
        lesson="grad-fn",
    )


def nesterov_needs_momentum() -> Exception:
    return teach(
        ValueError,
        "Nesterov momentum requires a momentum and zero dampening.",
        fix="SGD(params, lr, momentum=0.9, nesterov=True)",
        lesson="optimizers",
    )


def optimizer_state_mismatch() -> Exception:
    return teach(
        ValueError,
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's "
        "group.",
        fix="build the optimizer with the parameters of the same model.",
        lesson="optimizers",
    )


def not_iterable(kind: str, has_parameters: bool) -> Exception:
    return teach(
        TypeError,
        f"'{kind}' object is not iterable: an optimizer wants parameters, one after the other.",
        fix="pass model.parameters()." if has_parameters else "pass a list of tensors.",
    )


def group_not_a_dict(kind: str) -> Exception:
    return teach(
        TypeError,
        f"param_group must be a dict, but got {kind}.",
        fix='optimizer.add_param_group({"params": [w], "lr": 0.01})',
    )


def parameters_in_a_set() -> Exception:
    return teach(
        TypeError,
        "optimizer parameters need to be organized in ordered collections, not in a set.",
        why="its order changes from run to run, and a saved state counts parameters in order.",
        fix="use a list.",
    )


def duplicate_parameters() -> UserWarning:
    return teach(
        UserWarning,
        "optimizer contains a parameter group with duplicate parameters.",
        why="each step changes them as often as they are in it.",
    )


def number_of_groups(own: int, given: int) -> Exception:
    return teach(
        ValueError,
        "loaded state dict has a different number of parameter groups: "
        f"{given}, where the optimizer has {own}.",
        fix="build the optimizer with the groups that it had when it was saved.",
    )


def not_an_optimizer(kind: str) -> Exception:
    return teach(
        TypeError,
        f"{kind} is not an Optimizer.",
        fix="make the optimizer first, and pass it: StepLR(optimizer, step_size=10).",
    )


def no_initial_rate(number: int) -> Exception:
    # On one line: Python shows the message of a KeyError in quotes, line ends and all.
    return teach(
        KeyError,
        f"param 'initial_lr' is not specified in param_groups[{number}] when resuming a scheduler "
        "with last_epoch >= 0: load the optimizer's state first, or leave last_epoch out.",
    )


def schedule_before_step() -> UserWarning:
    return teach(
        UserWarning,
        "Detected call of `lr_scheduler.step()` before `optimizer.step()`.",
        why="the first learning rate of the schedule is skipped without ever being used.",
        fix="call optimizer.step() for the batches of an epoch, then scheduler.step().",
    )


def factor(name: str, wanted: str, value: Any) -> Exception:
    return teach(ValueError, f"{name} should be {wanted}, but got {value}.")


def one_per_group(name: str, groups: int, given: int) -> Exception:
    return teach(
        ValueError,
        f"expected {groups} values for {name}, got {given}.",
        why="a list holds one value for each of optimizer.param_groups.",
        fix="pass a single value to use it for all of them.",
    )


def positive_integer(name: str, value: Any) -> Exception:
    return teach(ValueError, f"Expected positive integer {name}, but got {value}.")


def negative_epoch(epoch: Any) -> Exception:
    return teach(ValueError, f"Expected non-negative epoch, but got {epoch}.")


def unknown_mode(name: str, value: Any, known: str) -> Exception:
    return teach(ValueError, f"{name} {value} is unknown! It must be {known}.")


def start_share(value: Any) -> Exception:
    return teach(ValueError, f"Expected float between 0 and 1 pct_start, but got {value}.")


def no_number_of_steps() -> Exception:
    return teach(
        ValueError,
        "You must define either total_steps OR (epochs AND steps_per_epoch).",
        fix="OneCycleLR(optimizer, max_lr, epochs=10, steps_per_epoch=len(loader))",
    )


def no_momentum(name: str) -> Exception:
    return teach(
        ValueError,
        "optimizer must support momentum or beta1 with `cycle_momentum` option enabled, and "
        f"{name} does not.",
        fix="pass cycle_momentum=False.",
    )


def too_many_steps(step: int, total: int) -> Exception:
    return teach(
        ValueError,
        f"Tried to step {step} times. The specified number of total steps is {total}.",
        why="the schedule is over.",
        fix="count one step per batch: total_steps = epochs * len(loader).",
    )


def no_schedulers(name: str) -> Exception:
    return teach(ValueError, f"{name} expects at least one scheduler, but got no scheduler.")


def milestones(schedulers: int, given: int) -> Exception:
    return teach(
        ValueError,
        "Sequential Schedulers expects number of schedulers provided to be one more than the "
        f"number of milestone points, but got {schedulers} schedulers and {given} milestones.",
        why="a milestone is the epoch where one schedule ends and the next begins.",
    )


def plateau_inside(name: str, number: int) -> Exception:
    return teach(
        ValueError,
        f"{name} does not support `ReduceLROnPlateau`, and number {number} of its schedulers is "
        "one.",
        why="its step needs the value that it watches.",
    )


def other_optimizer(name: str, number: int) -> Exception:
    return teach(
        ValueError,
        f"{name} expects all schedulers to belong to the same optimizer, but number {number} "
        "belongs to another.",
    )
