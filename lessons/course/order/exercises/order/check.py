"""Checks orders of graphs with long and short ways, and of one with many paths."""

from lessons.checking import require

GRAPHS = {
    "a chain": {"c": ["b"], "b": ["a"], "a": []},
    "a long way and a short one": {
        "loss": ["x", "z"],
        "z": ["y"],
        "y": ["x"],
        "x": [],
    },
    "the short way last": {
        "loss": ["z", "x"],
        "z": ["y"],
        "y": ["x"],
        "x": [],
    },
    "two ways that cross": {
        "out": ["p", "q"],
        "p": ["a", "b"],
        "q": ["b", "a"],
        "a": [],
        "b": [],
    },
    "something used twice": {"c": ["b", "b"], "b": ["a", "a"], "a": []},
}

PATHS = 20
"""So many doublings make a million paths: enough for plain recursion to fall asleep."""


def check(work):
    for title, graph in GRAPHS.items():
        judge(work.order, title, graph, next(iter(graph)))
    unused = {"y": ["x"], "x": [], "other": ["x"]}
    found = work.order(unused, "y")
    require(
        sorted(found) == ["x", "y"],
        f"order({unused}, 'y') gives {found}.",
        hint="y was not computed from `other`, so it does not belong there.",
    )
    doubled = {
        f"v{i}": [f"v{i - 1}", f"v{i - 1}"] for i in range(1, PATHS + 1)
    }
    judge(work.order, "many paths", {**doubled, "v0": []}, f"v{PATHS}")


def judge(order, title, graph, result):
    visits = _Counted(graph)
    found = order(visits, result)
    where = f"In the graph {title!r}, order gives {found}."
    require(found is not None, where, hint="Is a `return` missing?")
    require(
        isinstance(found, list) and set(found) == set(graph),
        where,
        hint=f"Every name should be in the list: {sorted(graph)}.",
    )
    require(
        len(found) == len(graph),
        where,
        hint="A name is in it more than once. Each is visited once, even "
        "if several others use it: return at once where it is noted already.",
    )
    for name, below in graph.items():
        for other in below:
            require(
                found.index(name) < found.index(other),
                where,
                hint=f"{other} comes before {name}, which uses it, and so "
                f"{name} has not sent its contribution yet.",
            )
    require(
        visits.count <= 10 * len(graph),
        f"In the graph {title!r} you looked up names {visits.count} times; "
        f"it has {len(graph)}.",
        hint="The order is right, but each path is walked. Visit each name "
        "once: return at once where it is noted already.",
    )


class _Counted(dict):
    """A graph that counts how often it is looked up."""

    count = 0

    def __getitem__(self, name):
        self.count += 1
        if self.count > 100_000:
            raise RuntimeError(
                "more than 100,000 look-ups: each path is walked. Visit each "
                "name once."
            )
        return super().__getitem__(name)
