# expect: old gradients left in the body
def freeze(model, learn):
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.startswith(learn))
    model.train()
    return [p for p in model.parameters() if p.requires_grad]
