"""What `autodiff.compile` cannot turn into a program."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


class NotFollowedError(RuntimeError):
    """A recording met something that it cannot turn into a step."""


def _at(line: Any) -> str:
    return f" ({line})" if line else ""


def value_read(how: str, line: Any) -> Exception:
    return teach(
        NotFollowedError,
        f"A compiled function asked for {how} of a tensor{_at(line)}.",
        why="the function runs as Python once, while it is recorded. A number taken out of a "
        "tensor then would stay what it was in that call, and so would the branch it decided.",
        fix="choose with autodiff.where(condition, x, y); keep the number in a tensor; or return "
        "the tensor and read it outside of the compiled function.",
        lesson="source",
    )


def shape_from_values(what: str, line: Any) -> Exception:
    return teach(
        NotFollowedError,
        f"The shape of {what} depends on the values of a tensor{_at(line)}.",
        why="a compiled program is made for arrays of fixed shapes.",
        fix="keep all elements and let some of them be 0, as autodiff.where(mask, x, 0) does; or "
        "do this part outside of the compiled function.",
        lesson="source",
    )


def computed_outside(line: Any) -> Exception:
    return teach(
        NotFollowedError,
        f"A compiled function computed an array in a way that cannot be followed{_at(line)}.",
        why="only tensors' operations become part of the program. What NumPy computed from a "
        "tensor would stay what it was while the function was recorded.",
        fix="use the tensor's operations, or do this part outside of the compiled function.",
    )


def several_devices(places: Any) -> Exception:
    return teach(
        NotFollowedError,
        f"A compiled function met tensors on {' and on '.join(map(str, places))}.",
        why="a compiled program runs on one device.",
        fix="move all of them to one device, by x.to(device), before the call.",
        lesson="gpu",
    )


def moved(line: Any) -> Exception:
    return teach(
        NotFollowedError,
        f"A compiled function moved a tensor to another device{_at(line)}.",
        why="a compiled program runs on one device, and a copy to the CPU would wait for the GPU.",
        fix="move what goes in before the call, and what comes out after it.",
        lesson="gpu",
    )


def history_outside(shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"A compiled function uses a tensor of shape {shown(shape)} that another computation made.",
        why="its gradient would have to flow on to a graph that is not the same in each call.",
        fix="give it to the function as an argument, or detach() it.",
    )


def view_written(line: Any) -> Exception:
    return teach(
        RuntimeError,
        f"A compiled function wrote in place to a view made under no_grad{_at(line)}.",
        why="such a view does not know how it was taken from the tensor that it is a part of.",
        fix="write to the tensor itself, as in x[0] = y.",
    )


def grad_inside(line: Any) -> Exception:
    return teach(
        RuntimeError,
        f"A compiled function gave a .grad to a tensor that is no leaf outside of it{_at(line)}.",
        why="a program adds to the .grad of its arguments and of tensors from outside, as far as "
        "they are leaves; what it computes on the way is gone when it ends.",
        fix="return what you need; give leaves as arguments, or call backward() on the result of "
        "the compiled function.",
    )


def argument(kind: str) -> Exception:
    return teach(
        TypeError,
        f"A compiled function got an argument of type {kind}.",
        why="a program is made for tensors of certain shapes, and for each combination of other "
        "arguments, which must be comparable.",
        fix="pass tensors, numbers, strings, None, and lists, tuples and dicts of these.",
    )


def differentiated_twice() -> Exception:
    return teach(
        RuntimeError,
        "The backward pass of a compiled function was asked to record itself.",
        why="it is a finished program: its steps are not in the graph, so that there is nothing "
        "to take second derivatives of.",
        fix="call the function that was compiled, f.function; or compute the second derivatives "
        "inside of what you compile.",
    )


def not_called(name: str) -> Exception:
    return teach(
        RuntimeError,
        f"{name} has no source yet.",
        why="a function is compiled when it is called: only then are the shapes known.",
        fix=f"call it once, and then print({name}.source).",
        lesson="source",
    )


def no_expression(op: str) -> Exception:
    return teach(
        NotFollowedError,
        f"{op} on single numbers cannot be written as one expression.",
        why="a graph of single numbers becomes a program of expressions.",
        fix="use tensors, for which an op may be any function; or another op.",
    )


def several_passes(line: Any) -> Exception:
    return teach(
        NotFollowedError,
        f"A compiled function of single numbers ran backward() twice{_at(line)}.",
        why="its program goes through the operations once forward and once in reverse.",
        fix="add the losses up and call backward() on the sum.",
    )


def argument_from_outside(shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"A compiled function got a tensor of shape {shown(shape)} as an argument and uses its "
        "memory from outside as well.",
        why="the next call may get another argument; then the two are not the same any more.",
        fix="use the argument only, or do not pass it.",
    )


def scheduled(line: Any) -> Exception:
    return teach(
        NotFollowedError,
        f"A compiled function stepped a schedule of the learning rate{_at(line)}.",
        why="a schedule counts in Python, which runs only while the function is recorded.",
        fix="call scheduler.step() outside of the compiled function: the optimizer in it reads its "
        "learning rate anew in each call.",
    )


def not_as_recorded(loop: str, parameter: Any, x: Any) -> Exception:
    found = f"{x.dtype}{list(x.shape)}" if hasattr(x, "shape") else type(x).__name__
    return teach(
        RuntimeError,
        f"{loop} of a compiled function was made for {parameter} and got {found}.",
        why="its machine code reads memory as what was recorded. An operation gave a result of "
        "another dtype, shape or layout than in the recorded call.",
        fix="let your own operations give results of the same dtype and shape in each call.",
    )
