# expect: the result has no graph
def softmax(x):
    shares = x.detach().exp()
    shares /= shares.sum()
    return shares
