# expect: Is a `return` missing
def order(graph, result):
    found = []

    def visit(name):
        if name not in found:
            for below in graph[name]:
                visit(below)
            found.append(name)

    visit(result)
