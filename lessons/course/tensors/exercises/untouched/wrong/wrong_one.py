# expect: into which of the two
def without_first_row(table):
    result = table.clone()
    table[0] = 0.0
    return result
