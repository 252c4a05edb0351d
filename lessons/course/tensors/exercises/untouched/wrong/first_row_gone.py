# expect: same shape
def without_first_row(table):
    return table[1:]
