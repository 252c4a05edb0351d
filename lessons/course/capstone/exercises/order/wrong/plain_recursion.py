# expect: more than once
def ordered(out):
    order = [out]
    for operand in out.operands:
        order += ordered(operand)
    return order
