# expect: still flows through the target
def loss(w, state, reward, following):
    return (w * state - (reward + w * following)) ** 2
