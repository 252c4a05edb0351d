"""What a training loop needs beside modules: clipping, parameters as one vector, a summary."""

from autodiff.nn.utils import rnn
from autodiff.nn.utils.clip import clip_grad_norm_, clip_grad_value_, get_total_norm
from autodiff.nn.utils.summary import summary
from autodiff.nn.utils.vector import parameters_to_vector, vector_to_parameters

__all__ = [
    "clip_grad_norm_", "clip_grad_value_", "get_total_norm", "parameters_to_vector", "rnn",
    "summary", "vector_to_parameters",
]  # fmt: skip
