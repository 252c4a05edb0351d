# expect: the number of *inputs*
import autodiff as ad


def start(weight):
    with ad.no_grad():
        weight.normal_(0.0, (2 / weight.shape[0]) ** 0.5)
