# expect: stops too much
import autodiff as ad


def loss(w, state, reward, following):
    with ad.no_grad():
        return (w * state - (reward + w * following)) ** 2
