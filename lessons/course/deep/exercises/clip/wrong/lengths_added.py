# expect: the sum of *squares*
def clip(gradients, limit):
    length = sum(g.norm().item() for g in gradients)
    if length > limit:
        for g in gradients:
            g *= limit / length
    return length
