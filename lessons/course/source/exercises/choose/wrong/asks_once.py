# expect: let where choose
def huber(errors):
    size = errors.abs()
    total = (size * 0).sum()
    for i in range(len(errors)):
        small = size[i].item() < 1
        total = total + (0.5 * errors[i] ** 2 if small else size[i] - 0.5)
    return total
