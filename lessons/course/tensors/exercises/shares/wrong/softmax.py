# expect: takes the exp
def shares(sold):
    return sold.softmax(1)
