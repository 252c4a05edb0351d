# expect: F.nll_loss has done it
from autodiff.nn import functional as F


def cross_entropy(scores, labels):
    return F.cross_entropy(scores, labels)
