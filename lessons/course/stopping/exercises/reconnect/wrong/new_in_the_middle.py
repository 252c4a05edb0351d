# expect: a new tensor was made of numbers
import autodiff as ad


def loss_of(w, inputs, targets):
    guesses = ad.tensor(
        [(w * x).sum().item() for x in inputs], requires_grad=True
    )
    return ((guesses - ad.tensor(targets)) ** 2).mean()
