# expect: wrong way round
def ordered(out):
    finished, seen = [], set()
    stack = [(out, False)]
    while stack:
        value, done = stack.pop()
        if done:
            finished.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            stack += [(operand, False) for operand in value.operands]
    return finished
