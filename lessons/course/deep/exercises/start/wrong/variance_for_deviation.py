# expect: takes the standard deviation
import autodiff as ad


def start(weight):
    with ad.no_grad():
        weight.normal_(0.0, 2 / weight.shape[1])
