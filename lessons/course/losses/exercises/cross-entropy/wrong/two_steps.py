# expect: log_softmax in one step
import autodiff as ad


def cross_entropy(scores, labels):
    rows = ad.arange(len(labels))
    return -scores.softmax(dim=1).log()[rows, labels].mean()
