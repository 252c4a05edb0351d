# expect: take their mean
def loss_of(w, inputs, targets):
    return sum(
        ((w * x).sum() - target) ** 2
        for x, target in zip(inputs, targets, strict=True)
    )
