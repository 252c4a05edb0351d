"""A topological order, by a depth-first walk with a stack of its own."""


def ordered(out) -> list:
    finished, seen = [], set()
    stack = [(out, False)]
    while stack:
        value, operands_done = stack.pop()
        if operands_done:
            finished.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            stack += [(operand, False) for operand in value.operands]
    return finished[::-1]
