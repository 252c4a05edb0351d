# expect: the last use of u only
def gradient(u, xs):
    states = [0.0]
    for x in xs:
        states.append(u * states[-1] + x)
    return states[-2]
