# expect: passes through all later ones
def gradient(u, xs):
    states = [0.0]
    for x in xs:
        states.append(u * states[-1] + x)
    return sum(states[:-1])
