# expect: lined up from the right
def shares(sold):
    return sold / sold.sum(1)
