# expect: along dimension 0
def shares(sold):
    return sold / sold.sum(0)
