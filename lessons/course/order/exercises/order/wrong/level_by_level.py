# expect: has not sent its contribution yet
def order(graph, result):
    found = [result]
    for name in found:
        found += [x for x in dict.fromkeys(graph[name]) if x not in found]
    return found
