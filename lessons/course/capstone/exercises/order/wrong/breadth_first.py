# expect: turn the list round at the end
def ordered(out):
    order, seen = [out], {out}
    for value in order:
        for operand in value.operands:
            if operand not in seen:
                seen.add(operand)
                order.append(operand)
    return order
