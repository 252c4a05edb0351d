# expect: throws away half
import autodiff as ad


def start(weight):
    with ad.no_grad():
        weight.normal_(0.0, (1 / weight.shape[1]) ** 0.5)
