# expect: a leaf of its own
import autodiff as ad


def loss_of(w, inputs, targets):
    errors = [
        ((w * x).sum() - target) ** 2
        for x, target in zip(inputs, targets, strict=True)
    ]
    return ad.tensor(
        sum(error.item() for error in errors) / len(errors),
        requires_grad=True,
    )
