"""Write `freeze(model, learn)`, for fine-tuning.

`learn` is a tuple of names of parts, such as ("head",). Parameters whose name
begins with one of them will be learned; all others are frozen:

- they ask for no gradient, and no old gradient is left in their `.grad`;
- a batch norm in a frozen part keeps its running averages, so it is in eval
  mode. Everything else is in train mode.

Give back the list of parameters that will be learned, for the optimizer.
(`"head.weight".startswith(("head", "neck"))` is True.)
"""

from autodiff import nn


def freeze(model: nn.Module, learn: tuple[str, ...]) -> list[nn.Parameter]:
    raise NotImplementedError
