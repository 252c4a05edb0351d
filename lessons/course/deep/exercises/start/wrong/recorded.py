# expect: a leaf that requires grad was changed in place
def start(weight):
    weight.normal_(0.0, (2 / weight.shape[1]) ** 0.5)
