# expect: the corrections are powers
def adam_step(p, g, m, s, t, lr=0.1, betas=(0.9, 0.999), eps=1e-8):
    m = betas[0] * m + (1 - betas[0]) * g
    s = betas[1] * s + (1 - betas[1]) * g * g
    velocity = m / (1 - betas[0] * t)
    size = (s / (1 - betas[1] * t)).sqrt()
    return p - lr * velocity / (size + eps), m, s
