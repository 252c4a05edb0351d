"""Names of PyTorch's that are not here, and what there is instead."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from autodiff.errors.teaching import teach

COMPLEX = "tensors hold real numbers; keep real and imaginary parts in a last dimension of size 2."
FUNCTIONAL = "autodiff.autograd.functional has jacobian, hessian, vjp, jvp and hvp."
LOADING = "build the model from autodiff.nn and load weights with load_state_dict."
PRECISION = "train in float32: drop autocast and the scaler, the rest of the loop stays as it is."
DISTRIBUTIONS = (
    "draw with multinomial, bernoulli or normal; a category's log-probability is "
    "log_softmax(scores, -1).gather(-1, action), a normal's -gaussian_nll_loss(full=True)."
)
LAZY = "give the size of the input; print(x.shape) in forward() shows it."
ATTENTION = "build it from nn.MultiheadAttention, nn.LayerNorm, nn.Linear and nn.Dropout."
SCHEDULES = "OneCycleLR rises and falls once; LambdaLR follows any function of the epoch."
OPTIMIZERS = "autodiff.optim has SGD, Adam, AdamW, RMSprop, Adagrad and Adadelta."
CURVES = "collect loss.item() in a list and draw it with matplotlib."
PACKED = "give the padded batch; out[arange(N), lengths - 1] is each sequence's last output."
PROFILER = "autodiff.autograd.profiler.profile measures the time of each operation."
SPARSE = "tensors are dense here: nn.Embedding and index_add do without sparse gradients."

INSTEAD = {
    "autodiff.amp": PRECISION,
    "autodiff.autocast": PRECISION,
    "autodiff.bfloat16": "use float32, or float16 to save memory.",
    "autodiff.cfloat": COMPLEX,
    "autodiff.complex": COMPLEX,
    "autodiff.complex64": COMPLEX,
    "autodiff.complex128": COMPLEX,
    "autodiff.cuda.amp": PRECISION,
    "autodiff.distributions": DISTRIBUTIONS,
    "autodiff.fft": COMPLEX,
    "autodiff.func": FUNCTIONAL,
    "autodiff.hub": LOADING,
    "autodiff.jit": "autodiff.compile(f) writes f and its backward pass as one program.",
    "autodiff.onnx": "save the weights with save(model.state_dict(), ...) or as .safetensors.",
    "autodiff.cholesky": "autodiff.linalg.cholesky.",
    "autodiff.multiprocessing": "Python's own multiprocessing; DataLoader has num_workers.",
    "autodiff.profiler": PROFILER,
    "autodiff.qr": "autodiff.linalg.qr.",
    "autodiff.set_default_tensor_type": "set_default_dtype and set_default_device do this.",
    "autodiff.sparse": SPARSE,
    "autodiff.sparse_coo_tensor": SPARSE,
    "autodiff.vmap": "write the batch as a first dimension: operations broadcast over it.",
    "autodiff.nn.LazyConv2d": LAZY,
    "autodiff.nn.LazyLinear": LAZY,
    "autodiff.nn.Transformer": ATTENTION,
    "autodiff.nn.TransformerDecoder": ATTENTION,
    "autodiff.nn.TransformerDecoderLayer": ATTENTION,
    "autodiff.nn.TransformerEncoder": ATTENTION,
    "autodiff.nn.TransformerEncoderLayer": ATTENTION,
    "autodiff.nn.utils.rnn.pack_padded_sequence": PACKED,
    "autodiff.nn.utils.rnn.pad_packed_sequence": PACKED,
    "autodiff.optim.ASGD": OPTIMIZERS,
    "autodiff.optim.Adafactor": OPTIMIZERS,
    "autodiff.optim.Adamax": OPTIMIZERS,
    "autodiff.optim.LBFGS": OPTIMIZERS,
    "autodiff.optim.NAdam": OPTIMIZERS,
    "autodiff.optim.RAdam": OPTIMIZERS,
    "autodiff.optim.Rprop": OPTIMIZERS,
    "autodiff.optim.lr_scheduler.CyclicLR": SCHEDULES,
    "autodiff.utils.checkpoint": "autodiff.autograd.graph.save_on_cpu; or smaller batches.",
    "autodiff.utils.tensorboard": CURVES,
    "autodiff.vision.models": LOADING,
}
"""Full name -> what to write instead; only names that PyTorch has and autodiff has not."""


def attribute_of(module: str) -> Callable[[str], Any]:
    """The ``__getattr__`` of a module whose names are PyTorch's: it always raises."""

    def missing(name: str) -> Any:
        what = f"module '{module}' has no attribute '{name}'"
        if f"{module}.{name}" not in INSTEAD:
            raise AttributeError(what)
        raise _left_out(AttributeError, what, f"{module}.{name}")

    return missing


def _left_out(kind: type[Exception], what: str, name: str) -> Exception:
    why = "PyTorch has this name; autodiff leaves it out."
    return teach(kind, what, why=why, fix=INSTEAD[name])


class _Imports:
    """Refuses to import what is left out: the last place where Python looks for a module."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        if name in INSTEAD:
            raise _left_out(ModuleNotFoundError, f"No module named '{name}'", name)


sys.meta_path.append(_Imports)
