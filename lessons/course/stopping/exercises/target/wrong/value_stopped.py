# expect: the wrong one is cut off
def loss(w, state, reward, following):
    return ((w * state).detach() - (reward + w * following)) ** 2
