# expect: draw normal ones
import autodiff as ad


def start(weight):
    limit = (2 / weight.shape[1]) ** 0.5
    with ad.no_grad():
        weight.uniform_(-limit, limit)
