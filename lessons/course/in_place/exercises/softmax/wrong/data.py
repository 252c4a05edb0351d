# expect: the write was hidden from the graph
def softmax(x):
    shares = x.exp()
    shares.data /= shares.sum()
    return shares
