# expect: has not sent its contribution yet
def order(graph, result):
    found = []

    def visit(name):
        if name not in found:
            found.append(name)
            for below in graph[name]:
                visit(below)

    visit(result)
    return found
