# expect: the recursion goes too deep
def ordered(out):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for operand in value.operands:
                visit(operand)
            order.append(value)

    visit(out)
    return order[::-1]
