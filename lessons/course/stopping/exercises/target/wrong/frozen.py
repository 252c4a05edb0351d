# expect: freezing w stops it everywhere
def loss(w, state, reward, following):
    value = w * state
    w.requires_grad_(False)
    return (value - (reward + w * following)) ** 2
