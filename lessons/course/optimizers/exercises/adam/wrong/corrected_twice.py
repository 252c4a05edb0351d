# expect: handed on without it
def adam_step(p, g, m, s, t, lr=0.1, betas=(0.9, 0.999), eps=1e-8):
    m = (betas[0] * m + (1 - betas[0]) * g) / (1 - betas[0] ** t)
    s = (betas[1] * s + (1 - betas[1]) * g * g) / (1 - betas[1] ** t)
    return p - lr * m / (s.sqrt() + eps), m, s
