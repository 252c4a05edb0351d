# expect: no graph at all
import autodiff as ad


def loss_of(w, inputs, targets):
    guesses = ad.tensor([(w * x).sum().item() for x in inputs])
    return ((guesses - ad.tensor(targets)) ** 2).mean()
