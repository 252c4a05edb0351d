# expect: eval() changes what layers do, not what is learned
def freeze(model, learn):
    for name, module in model.named_modules():
        if not name.startswith(learn):
            module.eval()
    return [
        p for name, p in model.named_parameters() if name.startswith(learn)
    ]
