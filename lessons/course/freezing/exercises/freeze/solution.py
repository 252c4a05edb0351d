"""Fine-tuning: freeze all but some parts of a model."""

from autodiff import nn


def freeze(model: nn.Module, learn: tuple[str, ...]) -> list[nn.Parameter]:
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.startswith(learn))
        if not parameter.requires_grad:
            parameter.grad = None
    model.train()
    for name, module in model.named_modules():
        if isinstance(module, nn.BatchNorm1d) and not name.startswith(
            learn
        ):
            module.eval()
    return [p for p in model.parameters() if p.requires_grad]
