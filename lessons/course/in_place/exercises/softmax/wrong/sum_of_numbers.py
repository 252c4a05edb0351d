# expect: the sum of the *powers*
def softmax(x):
    return x.exp() / x.sum()
