# expect: more than once
def order(graph, result):
    found = []

    def visit(name):
        for below in graph[name]:
            visit(below)
        found.append(name)

    visit(result)
    return found[::-1]
