# expect: has been written over
import autodiff as ad


def softmax(x):
    shares = x.exp()
    with ad.no_grad():
        shares /= shares.sum()
    return shares
