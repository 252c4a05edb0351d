"""An order for the backward pass."""


def order(graph: dict[str, list[str]], result: str) -> list[str]:
    found: list[str] = []

    def visit(name: str) -> None:
        if name in found:
            return
        for below in graph[name]:
            visit(below)
        found.append(name)

    visit(result)
    return found[::-1]
