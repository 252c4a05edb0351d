"""Gradients as values, edges, hooks, saved values and derivatives of functions, as PyTorch's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.autograd.programs import function, leaf, same_failure, same_result

pytestmark = pytest.mark.parity


# -- grad and backward --------------------------------------------------------------------------


def unused(m: Any) -> Any:
    x, y = leaf(m, 1.0, 2.0), leaf(m, 3.0, 4.0)
    out = lambda: (x * 2).sum()  # noqa: E731
    return (
        m.autograd.grad(out(), (x, y), allow_unused=True),
        m.autograd.grad(out(), [x, y], materialize_grads=True),
        m.autograd.grad(out(), {"x": x, "y": y}, materialize_grads=True),
    )


def batched(m: Any) -> Any:
    x, y = leaf(m, 1.0, 2.0), leaf(m, 3.0)
    vectors = m.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    return m.autograd.grad(x * x * y, (x, y), vectors, is_grads_batched=True)


def several_outputs(m: Any) -> Any:
    x = leaf(m, 1.0, 2.0)
    outputs = [(x * 2).sum(), x * 3, (x * 5).sum()]
    return m.autograd.grad(outputs, x, [None, m.tensor([1.0, 10.0]), m.tensor(2.0)])


def edges(m: Any) -> Any:
    edge = m.autograd.graph.get_gradient_edge
    x = leaf(m, 2.0)
    y = x * x
    at_x, at_y = edge(x), edge(y)
    z = y * 5
    result = m.autograd.grad(z, [at_y, at_x], retain_graph=True)
    m.autograd.backward(z, inputs=[at_x])
    return result, x.grad, at_x.node.name().rpartition("::")[2], at_x.output_nr, at_y.output_nr


def edge_as_output(m: Any) -> Any:
    x = leaf(m, 2.0)
    edge = m.autograd.graph.get_gradient_edge(x * x)
    return m.autograd.grad(edge, x, m.tensor(3.0), retain_graph=True), m.autograd.grad(edge, x)


def edge_of_one_output_of_several(m: Any) -> Any:
    x = leaf(m, 1.0, 5.0, 3.0)
    values, _ = x.reshape(1, 3).max(1)
    edge = m.autograd.graph.get_gradient_edge(values)
    return m.autograd.grad((values * 2).sum(), edge), edge.output_nr


def variable(m: Any) -> Any:
    x = m.autograd.Variable(m.ones(2), requires_grad=True)
    (x * 2).sum().backward()
    return x.grad, isinstance(x, m.autograd.Variable), m.autograd.Variable(m.ones(2)).requires_grad


# -- hooks --------------------------------------------------------------------------------------


def order_of_hooks(m: Any) -> Any:
    seen = []
    x = leaf(m, 3.0)
    y = x * 2
    y.retain_grad()
    y.grad_fn.register_prehook(lambda gs: (seen.append(("pre", gs[0].item())), (gs[0] * 7,))[1])
    y.register_hook(lambda g: (seen.append(("tensor", g.item())), g * 10)[1])
    y.grad_fn.register_hook(
        lambda ins, outs: seen.append(("post", ins[0].item(), ins[1], outs[0].item()))
    )
    (y * 1).backward()
    return seen, x.grad, y.grad


def hooks_of_a_leaf(m: Any) -> Any:
    seen = []
    x = leaf(m, 3.0)
    node = (x * 2).grad_fn.next_functions[0][0]
    x.register_post_accumulate_grad_hook(lambda x: seen.append(("after", x.grad.item())))
    node.register_prehook(lambda gs: (seen.append(("pre", gs[0].item())), (gs[0] * 2,))[1])
    node.register_hook(lambda ins, outs: seen.append(("post", ins, outs[0].item())))
    x.register_hook(lambda g: (seen.append(("tensor", g.item())), g + 1)[1])
    (x * 2).backward()
    m.autograd.grad(x * 3, x)
    return [event for event in seen if event[0] != "pre"][:4], x.grad


def removed_hooks(m: Any) -> Any:
    seen = []
    x = leaf(m, 3.0)
    y = x * 2
    handles = [
        y.register_hook(lambda g: seen.append("tensor")),
        y.grad_fn.register_prehook(lambda gs: seen.append("pre")),
        y.grad_fn.register_hook(lambda ins, outs: seen.append("post")),
        x.register_post_accumulate_grad_hook(lambda x: seen.append("after")),
    ]
    y.backward(retain_graph=True)
    for handle in handles:
        handle.remove()
    y.backward()
    return seen


def post_hook_replaces(m: Any) -> Any:
    x, y = leaf(m, 3.0), leaf(m, 4.0)
    out = x * y
    out.grad_fn.register_hook(lambda ins, outs: (ins[0] * 10, None))
    out.backward()
    return x.grad, y.grad


def hook_that_raises(m: Any) -> Any:
    x = leaf(m, 3.0)
    y = x * x
    handle = y.register_hook(lambda g: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        y.backward()
    handle.remove()
    y.backward()
    return x.grad


def optimizer_in_backward(m: Any) -> Any:
    x = leaf(m, 1.0, 2.0)

    def step(x: Any) -> None:
        with m.no_grad():
            x -= 0.1 * x.grad
        x.grad = None

    x.register_post_accumulate_grad_hook(step)
    for _ in range(3):
        (x * x).sum().backward()
    return x.detach(), x.grad


def hook_on_several(m: Any) -> Any:
    seen = []
    x, y, z = leaf(m, 1.0), leaf(m, 2.0), leaf(m, 3.0)
    register = m.autograd.graph.register_multi_grad_hook
    handles = [
        register([x, y, z], lambda gs: seen.append(list(gs))),
        register([x, y, z], lambda g: seen.append(g), mode="any"),
    ]
    (x * y).backward()
    (x * y * z).backward()
    for handle in handles:
        handle.remove()
    (x * y).backward()
    return sorted(
        map(
            str,
            [
                [g if g is None else float(g) for g in e] if isinstance(e, list) else "any"
                for e in seen
            ],
        )
    )


# -- what nodes save ----------------------------------------------------------------------------


def saved_values(m: Any) -> Any:
    x, c = leaf(m, 1.0, 2.0), m.tensor([3.0, 4.0])
    product, root = (x * c).grad_fn, (x * c).sqrt().grad_fn
    y = x * 1
    squared = (y * y).grad_fn
    return (
        product._saved_other,
        product._saved_self is None,
        product._saved_other.requires_grad,
        root._saved_result.detach(),
        root._saved_result.requires_grad,
        root._saved_result.grad_fn is root,
        squared._saved_self.grad_fn is y.grad_fn,
        (x * x).grad_fn._saved_self is x,
    )


def packed(m: Any) -> Any:
    seen = []

    def pack(x: Any) -> Any:
        seen.append(x.tolist())
        return x * 2

    def unpack(x: Any) -> Any:
        seen.append("unpack")
        return x / 2

    x, y = leaf(m, 1.0, 2.0), leaf(m, 3.0, 4.0)
    with m.autograd.graph.saved_tensors_hooks(pack, unpack):
        out = ((x * y).exp() * m.tensor([1.0, 2.0])).sum()
    after = (out * 1.0).sum()
    after.backward()
    return sorted(map(str, seen)), x.grad


def packed_function(m: Any) -> Any:
    def forward(ctx: Any, x: Any) -> Any:
        out = x.exp()
        ctx.save_for_backward(x, out, None)
        return out

    count = []
    f = function(m, forward, lambda ctx, g: g * ctx.saved_tensors[1] + 0 * ctx.saved_tensors[0])
    x = leaf(m, 0.5)
    hooks = m.autograd.graph.saved_tensors_hooks(lambda t: (count.append(1), t)[1], lambda t: t)
    with hooks:
        out = f(x)
    (g,) = m.autograd.grad(out, x, create_graph=True)
    return len(count), g.detach(), m.autograd.grad(g, x)


def innermost_packs(m: Any) -> Any:
    seen = []
    hooks = lambda name: m.autograd.graph.saved_tensors_hooks(  # noqa: E731
        lambda t: (seen.append(name), t)[1], lambda t: t
    )
    x = leaf(m, 1.0)
    with hooks("outer"):
        x.exp()
        with hooks("inner"):
            x.exp()
        x.exp()
    x.exp()
    return seen


def packed_in_place(m: Any) -> Any:
    x = leaf(m, 1.0, 2.0)
    with m.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t):
        y = x * 1
        y.mul_(x)
        y.exp_()
    y.sum().backward()
    return x.grad


def on_cpu(m: Any) -> Any:
    x = leaf(m, 1.0, 2.0)
    with m.autograd.graph.save_on_cpu():
        out = (x.exp() * x).sum()
    (g,) = m.autograd.grad(out, x, create_graph=True)
    return g.detach(), m.autograd.grad(g.sum(), x)


def versions(m: Any) -> Any:
    x, y = m.ones(2), m.ones(2)
    m.autograd.graph.increment_version(x)
    m.autograd.graph.increment_version([x, y])
    return x._version, y._version


def notes(m: Any) -> Any:
    node = leaf(m, 1.0).exp().grad_fn
    node.metadata["made by"] = "me"
    return node.metadata


def with_hooks_off(m: Any) -> None:
    hooks = m.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t)
    with m.autograd.graph.disable_saved_tensors_hooks("no such thing here"), hooks:
        pass


def with_hooks(m: Any, pack: Any, unpack: Any) -> None:
    with m.autograd.graph.saved_tensors_hooks(pack, unpack):
        y = leaf(m, 1.0, 2.0).exp().sum()
    y.backward()


# -- modes --------------------------------------------------------------------------------------


def generators(m: Any) -> Any:
    seen = []

    @m.no_grad()
    def steps() -> Any:
        try:
            while True:
                seen.append(m.is_grad_enabled())
                try:
                    got = yield m.is_grad_enabled()
                except ValueError as error:
                    got = str(error)
                seen.append(got)
                if got == "stop":
                    return "done"
        finally:
            seen.append(m.is_grad_enabled())

    run = steps()
    seen += [next(run), m.is_grad_enabled(), run.send(1), m.is_grad_enabled()]
    seen.append(run.throw(ValueError("thrown")))
    with pytest.raises(StopIteration) as end:
        run.send("stop")
    other = steps()
    next(other)
    other.close()
    return seen, end.value.value, m.is_grad_enabled()


def nan(m: Any) -> Any:
    with m.autograd.detect_anomaly(check_nan=False):
        x = leaf(m, 0.0)
        (x.sqrt() * 0).backward()
        return str(x.grad.item())


def root_of_zero(m: Any) -> None:
    with m.autograd.detect_anomaly():
        (leaf(m, 0.0).sqrt() * 0).backward()


PROGRAMS = [
    unused, batched, several_outputs, edges, edge_as_output, edge_of_one_output_of_several,
    variable, order_of_hooks, hooks_of_a_leaf, removed_hooks, post_hook_replaces,
    hook_that_raises, optimizer_in_backward, hook_on_several, saved_values, packed,
    packed_function, innermost_packs, packed_in_place, on_cpu, versions, notes, generators, nan,
]  # fmt: skip

FAILURES = {
    "unused": lambda m: m.autograd.grad(leaf(m, 1.0) * 1, leaf(m, 2.0)),
    "materialized but not allowed": lambda m: m.autograd.grad(
        leaf(m, 1.0) * 1, leaf(m, 2.0), allow_unused=False, materialize_grads=True
    ),
    "edge of a constant": lambda m: m.autograd.graph.get_gradient_edge(m.ones(2)),
    "hook after accumulating, not a leaf": lambda m: (
        leaf(m, 1.0) * 1
    ).register_post_accumulate_grad_hook(print),
    "hook after accumulating, no grad": lambda m: m.ones(2).register_post_accumulate_grad_hook(
        print
    ),
    "hooks are off": with_hooks_off,
    "pack writes": lambda m: with_hooks(m, lambda t: t.add_(1), lambda t: t),
    "unpack gives a number": lambda m: with_hooks(m, lambda t: t, lambda t: 3),
    "nan": root_of_zero,
    "unknown mode": lambda m: m.autograd.graph.register_multi_grad_hook(
        [leaf(m, 1.0)], print, mode="some"
    ),
}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
@pytest.mark.filterwarnings("ignore")
def test_program(program: Any) -> None:
    same_result(program)


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.filterwarnings("ignore")
def test_failure(name: str) -> None:
    same_failure(FAILURES[name])
