# expect: is in eval mode
def freeze(model, learn):
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.startswith(learn))
        if not name.startswith(learn):
            parameter.grad = None
    model.eval()
    return [p for p in model.parameters() if p.requires_grad]
