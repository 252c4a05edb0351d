"""A target that is computed, and yet not learned.

The value of a state is `w * state`. It should come close to the reward plus the
value of the next state. So the loss is the squared difference of the two, where
the second is a *target*: a plain number, through which no gradient flows.

Mend the function. The value of the loss is right already.
"""

import autodiff as ad


def loss(w: ad.Tensor, state: float, reward: float, following: float):
    value = w * state
    target = reward + w * following
    return (value - target) ** 2
