# expect: the first row is gone
def without_first_row(table):
    return table[1:]
