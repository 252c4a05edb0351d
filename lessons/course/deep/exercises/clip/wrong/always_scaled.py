# expect: clipping never makes it longer
def clip(gradients, limit):
    length = sum((g**2).sum().item() for g in gradients) ** 0.5
    for g in gradients:
        g *= limit / length
    return length
