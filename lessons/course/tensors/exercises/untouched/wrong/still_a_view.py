# expect: still shares its memory
def without_first_row(table):
    result = table.view(table.shape)
    result[0] = 0.0
    return result
