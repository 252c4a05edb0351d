"""Your own differentiable function, and how to trust it: a script, or `autodiff learn functions`."""

# %% [markdown]
# Every operation here is a pair: how to compute, and how to send a gradient back. You can write such
# a pair yourself. You will want to when a formula has a better gradient than its parts (faster, or
# without a nan), or when you call code that is not recorded, as in NumPy.
#
# We start with a square, because we know what must come out: the derivative of x * x is 2 * x.

# %%
import autodiff as ad
import numpy as np
import viz


class Square(ad.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 2 * x


x = ad.tensor(3.0, requires_grad=True)
y = Square.apply(x)
y.backward()
print("y =", y.item(), "  x.grad =", x.grad.item())

# %% [markdown]
# `forward` computes, and puts aside what `backward` will need. `ctx` is the note it leaves for it.
# `backward` gets `g`, the gradient of the output, and returns one gradient for each input. The
# function is called with `apply`, never directly.
#
# In the graph it is one node like all others, here between a product and a sum.
#
# **Before you go on:** what does the edge from Square to its input multiply by, at 2 * x = 2 and 4?

# %%
x = ad.tensor([1.0, 2.0], requires_grad=True)
total = Square.apply(x * 2).sum()
print(viz.backward(total))

# %% [markdown]
# The gradient that *arrives* matters. A classic mistake is to return the derivative alone and forget
# `g`. It is invisible in a small test, because at the end of a graph `g` is 1.
#
# **Before you go on:** `Careless.apply(x) * 10` should have the derivative 10 * 2 * x = 60 at x = 3.
# What will it say?


# %%
class Careless(Square):
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2 * x


x = ad.tensor(3.0, requires_grad=True)
Careless.apply(x).backward()
print("alone:    ", x.grad.item(), " looks right")
x.grad = None
(Careless.apply(x) * 10).backward()
print("times ten:", x.grad.item(), " should be 60")

# %% [markdown]
# So how do you know that a gradient is right? You *nudge* the input and look: the slope is about
# (f(x + h) - f(x - h)) / (2 * h). That needs no rule at all, so it can judge every rule. It is slow,
# and never quite exact: with a large h the curve bends, with a tiny h the digits run out.
#
# **Before you go on:** the derivative of x**3 at 3 is 27. Which h will come closest to it?


# %%
def cube(v):
    return v**3


for h in (1e-1, 1e-5, 1e-9, 1e-13):
    slope = (cube(3 + h) - cube(3 - h)) / (2 * h)
    print(
        f"h = {h:.0e}   slope {slope:.12f}   off by {abs(slope - 27):.0e}"
    )

# %% [markdown]
# `gradcheck` does this for every element of every input, and compares. It wants float64: in single
# precision the digits run out at once.

# %%
from autodiff.autograd import gradcheck

x = ad.tensor([0.5, -1.0, 2.0], dtype=ad.float64, requires_grad=True)
print("Square:  ", gradcheck(Square.apply, (x,)))
try:
    gradcheck(lambda x: Careless.apply(x) * 10, (x,))
except Exception as error:
    print("Careless:", str(error)[:62] + "...")

# %% [markdown]
# `viz.gradcheck` does it at *every node* of a graph. So it does not only say that something is wrong
# but where: the first node whose own gradient is right and that sends a wrong one on.
#
# **Before you go on:** tanh has the derivative 1 - y * y. Can you see the mistake below before the
# table tells you where it is?


# %%
class Tanh(ad.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x.tanh()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * (1 - y)


def program(x):
    return (Tanh.apply(x * 2) ** 2).sum()


print(viz.gradcheck(program, x))

# %% [markdown]
# A function may leave the tensors' world, as long as its gradient comes back. Here `forward` counts
# on NumPy, of which nothing is recorded. The rule makes it differentiable all the same.


# %%
class NumpySine(ad.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return ad.from_numpy(np.sin(x.detach().numpy()))

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * x.cos()


print(gradcheck(NumpySine.apply, (x,)))
print(viz.grad_fn(NumpySine.apply(x).sum()))

# %% [markdown]
# Where it pays to write a rule: log(1 + exp(x)) is a harmless curve, and computed step by step it
# breaks. exp(1000) is infinite, and so the gradient, which should be 1, becomes nan.

# %%
big = ad.tensor(1000.0, requires_grad=True)
naive = (1 + big.exp()).log()
naive.backward()
print("step by step:", naive.item(), big.grad.item())
print(viz.why(big, naive))

# %% [markdown]
# With a rule of its own it is exact: the derivative of log(1 + exp(x)) is the sigmoid of x, which is
# never larger than 1.
#
# **Before you go on:** what must the gradient be at 1000, and at -1000?


# %%
class Softplus(ad.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0) + (-x.abs()).exp().log1p()

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * x.sigmoid()


for start in (1000.0, -1000.0, 0.0):
    z = ad.tensor(start, requires_grad=True)
    out = Softplus.apply(z)
    out.backward()
    print(
        f"x = {start:7}   value {out.item():10.4f}   gradient {z.grad:.4f}"
    )
