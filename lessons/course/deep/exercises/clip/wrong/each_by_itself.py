# expect: clipped by itself
def clip(gradients, limit):
    total = sum((g**2).sum().item() for g in gradients) ** 0.5
    for g in gradients:
        length = (g**2).sum().item() ** 0.5
        if length > limit:
            g *= limit / length
    return total
