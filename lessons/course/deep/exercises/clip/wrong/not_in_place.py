# expect: scale them in place
def clip(gradients, limit):
    length = sum((g**2).sum().item() for g in gradients) ** 0.5
    if length > limit:
        for g in gradients:
            g = g * (limit / length)
    return length
