"""Graphs, nodes, versions, modes and Functions behave as PyTorch's."""

from __future__ import annotations

from typing import Any

import pytest

import autodiff as ad

pytestmark = pytest.mark.parity


def leaf(m: Any, *values: float) -> Any:
    return m.tensor(values if len(values) > 1 else values[0], requires_grad=True)


def chain(node: Any) -> Any:
    """The names of all nodes, nested as the graph is."""
    if node is None:
        return None
    name = node.name().rpartition("::")[2]
    return name, [(chain(next_node), nr) for next_node, nr in node.next_functions]


def function(m: Any, forward: Any, backward: Any) -> Any:
    body = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    return type("F", (m.autograd.Function,), body).apply


def after(x: Any, out: Any, result: Any = None) -> Any:
    out.sum().backward()
    return x.grad.tolist() if result is None else result


def shared_version(m: Any) -> list[int]:
    x = m.ones(3)
    versions = [x._version]
    for write in (lambda: x.add_(1), lambda: x[0].zero_(), lambda: x.detach().add_(1)):
        write()
        versions.append(x._version)
    x.data.add_(1)
    return [*versions, x._version]


def decorated(m: Any) -> list[bool]:
    f = m.set_grad_enabled(False)(m.is_grad_enabled)
    return [m.is_grad_enabled(), f(), m.is_grad_enabled(), m.no_grad(m.is_grad_enabled)()]


def order_of_leaves(m: Any) -> list[str]:
    """Hooks of leaves run while the pass goes on with the nodes before them."""
    seen: list[str] = []
    leaves = {name: leaf(m, 2.0) for name in ("x", "w", "v")}
    for name, z in leaves.items():
        z.register_post_accumulate_grad_hook(lambda z, name=name: seen.append(name))
    first = leaves["x"] * leaves["w"]
    first.register_hook(lambda g: seen.append("first"))
    (first.exp() * leaves["v"]).backward()
    return seen[:2]


def unused_output(m: Any) -> Any:
    seen = []

    def backward(ctx: Any, g: Any, h: Any) -> Any:
        seen.append((g.tolist(), h.tolist()))
        return g

    x = leaf(m, 1.0, 2.0)
    f = function(m, lambda ctx, x: (x * 1, x * 2), backward)
    return after(x, f(x)[0] * 3, seen)


def needs(m: Any) -> Any:
    seen = []

    def forward(ctx: Any, x: Any, k: Any, y: Any) -> Any:
        seen.append(ctx.needs_input_grad)
        return x * k * y

    function(m, forward, None)(leaf(m, 1.0), 2, m.tensor(3.0))
    return seen


def hooks(m: Any) -> Any:
    x = leaf(m, 1.0, 2.0)
    y = x * 2
    y.register_hook(lambda g: g * 10)
    y.retain_grad()
    (y * y).sum().backward()
    return x.grad.tolist(), y.grad.tolist(), y.retains_grad, x.retains_grad


PROGRAMS = {
    "chain": lambda m: chain((leaf(m, 1.0) * leaf(m, 2.0) + 3).exp().grad_fn),
    "shared leaf": lambda m: (lambda x: chain((x * x + x).sum().grad_fn))(leaf(m, 1.0, 2.0)),
    "constants": lambda m: chain((leaf(m, 1.0, 2.0) * m.ones(2) - 1).mean().grad_fn),
    "detached": lambda m: (lambda x: chain((x.detach() * x).grad_fn))(leaf(m, 1.0)),
    "max along": lambda m: chain(leaf(m, 1.0, 2.0).reshape(2, 1).max(0).values.grad_fn),
    "rows": lambda m: (lambda x: chain((x[0] * x[1:]).grad_fn))(leaf(m, 1.0, 2.0)),
    "matmul": lambda m: chain((leaf(m, 1.0, 2.0).reshape(1, 2) @ m.ones(2, 2)).grad_fn),
    "repr": lambda m: repr((leaf(m, 1.0) * 2).grad_fn)[:13],
    "variable": lambda m: (
        lambda x: (x * 2).grad_fn.next_functions[0][0].variable is x
    )(leaf(m, 1.0)),
    "saved inputs": lambda m: (
        lambda n: (n._saved_self.tolist(), n._saved_other.tolist())
    )((leaf(m, 1.0, 2.0) * leaf(m, 3.0, 4.0)).grad_fn),
    "saved for one input": lambda m: (
        lambda n: (n._saved_self, n._saved_other.tolist())
    )((leaf(m, 1.0) * m.tensor(3.0)).grad_fn),
    "saved result": lambda m: leaf(m, 4.0).sqrt().grad_fn._saved_result.tolist(),
    "saved exponent": lambda m: int((leaf(m, 4.0) ** 3).grad_fn._saved_exponent),
    "leaves": lambda m: [
        x.is_leaf for x in (leaf(m, 1.0), m.tensor(1.0), m.tensor(1.0) * 2, leaf(m, 1.0) * 2)
    ],
    "versions": shared_version,
    "modes": decorated,
    "hooks": hooks,
    "function name": lambda m: function(m, lambda ctx, x: x * 2, None)(leaf(m, 1.0)).grad_fn.name(),
    "function of a constant": lambda m: function(m, lambda ctx, x: x * 2, None)(m.ones(2)).is_leaf,
    "function broadcasts": lambda m: (
        lambda x: after(x, function(m, lambda ctx, x: x * m.ones(2, 2), lambda ctx, g: g)(x))
    )(leaf(m, 1.0, 2.0)),
    "function of integers": lambda m: function(m, lambda ctx, x: x.long(), None)(
        leaf(m, 1.0)
    ).requires_grad,
    "order of leaves": order_of_leaves,
    "function output unused": unused_output,
    "function needs": needs,
    "function runs unrecorded": lambda m: (lambda x: chain(
        function(m, lambda ctx, x: x.exp() * x.sin(), None)(x).grad_fn
    ))(leaf(m, 1.0)),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name: str) -> None:
    torch = pytest.importorskip("torch")
    assert PROGRAMS[name](ad) == PROGRAMS[name](torch)


FAILURES = {
    "freed": lambda m: (lambda y: (y.backward(), y.grad_fn._saved_result))(leaf(m, 1.0).exp()),
    "gradient too many": lambda m: function(m, lambda ctx, x: x * 1, lambda ctx, g: (g, g))(
        leaf(m, 1.0)
    ).backward(),
    "gradient missing": lambda m: function(m, lambda ctx, x, y: x * y, lambda ctx, g: (g,))(
        leaf(m, 1.0), leaf(m, 1.0)
    ).backward(),
    "gradient of another shape": lambda m: (
        function(m, lambda ctx, x: x * 1, lambda ctx, g: m.ones(3))(leaf(m, 1.0, 2.0))
        .sum()
        .backward()
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failure(name: str) -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(RuntimeError) as theirs:
        FAILURES[name](torch)
    with pytest.raises(RuntimeError) as ours:
        FAILURES[name](ad)
    assert str(ours.value).split()[:3] == str(theirs.value).split()[:3]
