# expect: divides by the mean
def shares(sold):
    return sold / sold.mean(1, keepdim=True)
