# expect: its slope is huge
def entropy(p):
    return -(p * (p + 1e-8).log()).sum()
