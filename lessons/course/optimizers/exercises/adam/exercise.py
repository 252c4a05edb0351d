"""Write one step of Adam.

``p`` is a parameter, ``g`` its gradient, ``m`` and ``s`` the averages of the
gradients and of their squares, all of the same shape; ``t`` is the number of
this step, from 1. Return the new p, m and s.

    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g * g
    p = p - lr * (m / (1 - 0.9**t)) / (sqrt(s / (1 - 0.999**t)) + eps)

The small number eps keeps a division by 0 away.
"""


def adam_step(p, g, m, s, t, lr=0.1, betas=(0.9, 0.999), eps=1e-8):
    raise NotImplementedError
