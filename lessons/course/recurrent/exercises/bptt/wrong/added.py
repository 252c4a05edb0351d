# expect: factors are multiplied
def gradient(u, xs):
    states = [0.0]
    for x in xs:
        states.append(u * states[-1] + x)
    g, total = 1.0, 0.0
    for before in reversed(states[:-1]):
        total += g * before
        g += u
    return total
