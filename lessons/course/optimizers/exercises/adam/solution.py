"""One step of Adam."""


def adam_step(p, g, m, s, t, lr=0.1, betas=(0.9, 0.999), eps=1e-8):
    slow, slower = betas
    m = slow * m + (1 - slow) * g
    s = slower * s + (1 - slower) * g * g
    velocity = m / (1 - slow**t)
    size = (s / (1 - slower**t)).sqrt()
    return p - lr * velocity / (size + eps), m, s
