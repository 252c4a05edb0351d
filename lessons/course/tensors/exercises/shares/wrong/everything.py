# expect: of the whole table
def shares(sold):
    return sold / sold.sum()
