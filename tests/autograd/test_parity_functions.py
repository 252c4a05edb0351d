"""Functions of one's own do what PyTorch's do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.autograd.programs import function, leaf, same_failure, same_result

pytestmark = pytest.mark.parity


def run(m: Any, f: Any, *inputs: Any) -> Any:
    """The result of ``f``, its name and the gradients of the inputs."""
    out = f(*inputs)
    first = out[0] if isinstance(out, tuple) else out
    first.sum().backward()
    return first.detach(), first.grad_fn.name(), [x.grad for x in inputs if hasattr(x, "grad")]


def saved_result(m: Any) -> Any:
    def forward(ctx: Any, x: Any) -> Any:
        out = x.exp()
        ctx.save_for_backward(out)
        return out

    x = leaf(m, 0.5, 1.0)
    f = function(m, forward, lambda ctx, g: g * ctx.saved_tensors[0])
    (g,) = m.autograd.grad(f(x).sum(), x, create_graph=True)
    return g.detach(), m.autograd.grad(g.sum(), x)


def saved_one_of_two_results(m: Any) -> Any:
    def forward(ctx: Any, x: Any) -> Any:
        square, exp = x * x, x.exp()
        ctx.save_for_backward(x, exp)
        return square, exp

    def backward(ctx: Any, g: Any, h: Any) -> Any:
        x, exp = ctx.saved_tensors
        return 2 * g * x + h * exp

    x = leaf(m, 0.5, 1.0)
    square, exp = function(m, forward, backward)(x)
    (g,) = m.autograd.grad((square * exp).sum(), x, create_graph=True)
    return g.detach(), m.autograd.grad(g.sum(), x)


def saved_none_and_inputs(m: Any) -> Any:
    def forward(ctx: Any, x: Any, y: Any) -> Any:
        ctx.save_for_backward(x, None, y)
        return x * y

    seen = []

    def backward(ctx: Any, g: Any) -> Any:
        x, nothing, y = ctx.saved_tensors
        seen.append((x is first, nothing))
        return g * y, g * x

    first, second = leaf(m, 2.0), leaf(m, 3.0)
    function(m, forward, backward)(first, second).backward()
    return seen, first.grad, second.grad


def setup_context(m: Any) -> Any:
    def setup(ctx: Any, inputs: Any, output: Any) -> None:
        x, k = inputs
        ctx.save_for_backward(x, output)
        ctx.k = k

    def backward(ctx: Any, g: Any) -> Any:
        x, out = ctx.saved_tensors
        return g * ctx.k * x * 2 + 0 * out, None

    f = function(m, lambda x, k=3: k * x * x, backward, setup_context=setup)
    x, y = leaf(m, 2.0), leaf(m, 4.0)
    return run(m, f, x), run(m, f, y, 5), f(x, k=7)


def double_in_place(m: Any) -> Any:
    def forward(ctx: Any, x: Any) -> Any:
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    return function(m, forward, lambda ctx, g: g * 2)


def in_place(m: Any) -> Any:
    x = leaf(m, 1.0, 2.0)
    y = x * 3
    version = y._version
    out = double_in_place(m)(y)
    out.sum().backward()
    return out is y, out.detach(), out.grad_fn.name(), y._version - version, x.grad


def in_place_on_a_view(m: Any) -> Any:
    x = leaf(m, 1.0, 2.0)
    y = x * 3
    view = y[:1]
    same = double_in_place(m)(view) is view
    y.sum().backward()
    return same, y.detach(), y.grad_fn.name().rpartition("::")[2], x.grad


def in_place_on_a_constant(m: Any) -> Any:
    x = m.ones(2)
    return double_in_place(m)(x) is x, x, x.requires_grad


def returns_its_input(m: Any) -> Any:
    x = leaf(m, 1.0, 2.0)
    out = function(m, lambda ctx, x: x, lambda ctx, g: g * 5)(x)
    out.sum().backward()
    return out is x, x.is_leaf, out.is_leaf, x.grad


def returns_a_view(m: Any) -> Any:
    x = leaf(m, 1.0, 2.0)
    out = function(m, lambda ctx, x: x[:1], lambda ctx, g: m.cat([g, g]))(x)
    return run(m, lambda x: out * 1, x), out.grad_fn.name(), out._version


def mixed_outputs(m: Any) -> Any:
    seen = []

    def backward(ctx: Any, *gs: Any) -> Any:
        seen.append(gs)
        return gs[0] * 2, None

    f = function(m, lambda ctx, x, k: (x * 2, 5, x.long(), "text", None), backward)
    x = leaf(m, 1.0, 2.0)
    out = f(x, 3)
    out[0].sum().backward()
    return out[1:], out[2].requires_grad, seen, x.grad


def a_list_is_no_tuple_of_outputs(m: Any) -> Any:
    out = function(m, lambda ctx, x: [x * 1])(leaf(m, 1.0))
    return type(out).__name__, out[0].requires_grad


def not_materialized(m: Any) -> Any:
    seen = []

    def forward(ctx: Any, x: Any) -> Any:
        ctx.set_materialize_grads(False)
        return x * 1, x * 2

    def backward(ctx: Any, g: Any, h: Any) -> Any:
        seen.append((g is None, h is None))
        return g

    x = leaf(m, 1.0, 2.0)
    function(m, forward, backward)(x)[0].sum().backward()
    return seen, x.grad


def non_differentiable(m: Any) -> Any:
    def forward(ctx: Any, x: Any) -> Any:
        mask = x * 0
        ctx.mark_non_differentiable(mask)
        return x * 2, mask

    seen = []
    f = function(m, forward, lambda ctx, g, h: (seen.append(h), g * 2)[1])
    x = leaf(m, 1.0, 2.0)
    out, mask = f(x)
    out.sum().backward()
    return mask.requires_grad, mask.is_leaf, seen, x.grad


def attributes(m: Any) -> Any:
    """Names that an engine might use itself are free to use."""

    def forward(ctx: Any, x: Any) -> Any:
        ctx.inputs, ctx.out, ctx.hooks, ctx.kind, ctx.like, ctx.saved = 1, 2, 3, 4, 5, 6
        ctx.factor = 7
        return x * 2

    def backward(ctx: Any, g: Any) -> Any:
        return g * (ctx.inputs + ctx.out + ctx.hooks + ctx.kind + ctx.like + ctx.saved)

    x = leaf(m, 1.0)
    out = function(m, forward, backward)(x)
    factor = out.grad_fn.factor
    out.backward()
    return x.grad, factor


def vjp_instead_of_backward(m: Any) -> Any:
    x = leaf(m, 1.0)
    function(m, lambda ctx, x: x * 2, vjp=lambda ctx, g: g * 7)(x).backward()
    return x.grad


def once(m: Any) -> Any:
    mark = m.autograd.function.once_differentiable
    f = function(m, lambda ctx, x: x * 2, mark(lambda ctx, g: g * 2))
    x = leaf(m, 1.0, 2.0)
    (g,) = m.autograd.grad((f(x) ** 2).sum(), x, create_graph=True)
    return g.detach(), g.requires_grad, m.autograd.grad(f(x).sum(), x)


def modified_after_saving(m: Any) -> Any:
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x * 2

    x = leaf(m, 1.0) * 1
    out = function(m, forward, lambda ctx, g: g * ctx.saved_tensors[0])(x)
    x.add_(1)
    out.backward()


def twice_differentiated(m: Any) -> Any:
    mark = m.autograd.function.once_differentiable
    f = function(m, lambda ctx, x: x * 2, mark(lambda ctx, g: g * 2))
    (g,) = m.autograd.grad(f(x := leaf(m, 1.0)) ** 2, x, create_graph=True)
    g.backward()


def back(m: Any, forward: Any, backward: Any, *others: Any) -> None:
    function(m, forward, backward)(leaf(m, 1.0), *others).sum().backward()


PROGRAMS = [
    saved_result, saved_one_of_two_results, saved_none_and_inputs, setup_context, in_place,
    in_place_on_a_view, in_place_on_a_constant, returns_its_input, returns_a_view, mixed_outputs,
    a_list_is_no_tuple_of_outputs, not_materialized, non_differentiable, attributes,
    vjp_instead_of_backward, once,
]  # fmt: skip

FAILURES = {
    "instance called": lambda m: type("F", (m.autograd.Function,), {})()(1),
    "no forward": lambda m: function(m, m.autograd.Function.forward)(leaf(m, 1.0)),
    "no backward": lambda m: back(m, lambda ctx, x: x * 1, None),
    "saves a number": lambda m: back(m, lambda ctx, x: ctx.save_for_backward(3), None),
    "gradient is a number": lambda m: back(m, lambda ctx, x: x * 1, lambda ctx, g: 3.0),
    "gradient of a number": lambda m: back(m, lambda ctx, x, k: x * k, lambda ctx, g: (g, g), 2),
    "too many gradients": lambda m: back(m, lambda ctx, x: x * 1, lambda ctx, g: (g, g)),
    "too few gradients": lambda m: back(m, lambda ctx, x, k: x * k, lambda ctx, g: g, 2),
    "dirty and not returned": lambda m: function(m, lambda ctx, x: (ctx.mark_dirty(x), x * 1)[1])(
        leaf(m, 1.0) * 1
    ),
    "leaf changed in place": lambda m: double_in_place(m)(leaf(m, 1.0)),
    "unknown keyword": lambda m: function(m, lambda ctx, x: x * 1)(leaf(m, 1.0), k=3),
    "modified after saving": modified_after_saving,
    "twice differentiated": twice_differentiated,
}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
@pytest.mark.filterwarnings("ignore")
def test_program(program: Any) -> None:
    same_result(program)


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.filterwarnings("ignore")
def test_failure(name: str) -> None:
    same_failure(FAILURES[name])
