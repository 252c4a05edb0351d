# expect: taken as small ones
def huber(errors):
    return (0.5 * errors**2).sum()
