"""Your own differentiable function, and how to trust it: a script, or `autodiff learn functions`."""

from lessons import predict

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
# **Before you go on:** x is (1, 2), so Square gets (2, 4). What does it send to its input?

# %%
x = ad.tensor([1.0, 2.0], requires_grad=True)
total = Square.apply(x * 2).sum()
print(viz.backward(total))

# %% [predict]
predict.number(
    [4.0, 8.0],
    wrong={
        (2.0, 4.0): (
            "Those are its inputs. The derivative of a square is *twice* "
            "the input."
        ),
        (4.0, 16.0): (
            "Those are its outputs. What goes back is g * 2 * input."
        ),
        (8.0, 16.0): (
            "That is what arrives at x, after the product by 2. Square "
            "itself sends g * 2 * input, with its input (2, 4)."
        ),
        (2.0, 8.0): ("Each element by itself: 2 * 2 and 2 * 4."),
    },
    because="g is (1, 1), from the sum. Its own input is (2, 4), so 2 * 2 "
    "and 2 * 4.",
)

# %% [markdown]
# The gradient that *arrives* matters. A classic mistake is to return the derivative alone and forget
# `g`. It is invisible in a small test, because at the end of a graph `g` is 1.
#
# **Before you go on:** `Careless.apply(x) * 10` should have the derivative 10 * 2 * x = 60 at x = 3.
# What will it really give?


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

# %% [predict]
predict.number(
    x.grad,
    wrong={
        60.0: "That would be right. But the 10 arrives at Careless as g, "
        "and is forgotten there.",
        10.0: "10 is what arrives as g. What is sent on is 2 * x, without it.",
        16.0: "Nothing is added here: g is ignored, and 2 * x is sent.",
    },
    because="It sends 2 * x = 6, whatever arrives. Alone that looks right, "
    "since there g is 1.",
)

# %% [markdown]
# So how do you know that a gradient is right? You *nudge* the input and look: the slope is about
# (f(x + h) - f(x - h)) / (2 * h). That needs no rule at all, so it can judge every rule. It is slow,
# and never quite exact: with a large h the curve bends, with a tiny h the digits run out.
#
# **Before you go on:** the derivative of `x**3` at 3 is 27. Which h will come closest to it?


# %%
def cube(v):
    return v**3


for h in (1e-1, 1e-5, 1e-9, 1e-13):
    slope = (cube(3 + h) - cube(3 - h)) / (2 * h)
    print(
        f"h = {h:.0e}   slope {slope:.12f}   off by {abs(slope - 27):.0e}"
    )

# %% [predict]
predict.choice(
    "1e-05",
    options=("1e-01", "1e-05", "1e-09", "1e-13"),
    wrong={
        "1e-13": "f(3 + h) and f(3 - h) agree in nearly all their digits "
        "then. The few digits by which they differ are mostly rounding.",
        "1e-09": "Closer in theory, but the difference of two numbers that "
        "agree in eight digits has few digits left.",
        "1e-01": "Between 2.9 and 3.1 the curve bends visibly.",
    },
    because="In between: small enough that the curve is nearly straight, "
    "large enough that digits are left.",
)

# %% [markdown]
# `gradcheck` does this for every element of every input, and compares. It wants float64: in single
# precision the digits run out at once.

# %%
from autodiff.autograd import gradcheck

x = ad.tensor([0.5, -1.0, 2.0], dtype=ad.float64, requires_grad=True)
print("Square:", gradcheck(Square.apply, (x,)))
print("Careless:")
try:
    gradcheck(lambda x: Careless.apply(x) * 10, (x,))
except Exception as error:
    print(error)

# %% [markdown]
# `viz.gradcheck` does it at *every node* of a graph. So it does not only say that something is wrong
# but where: the first node whose own gradient is right and that sends a wrong one on.
#
# **Before you go on:** tanh has the derivative 1 - y * y, where y is the result. What is wrong below?


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

# %% [predict]
predict.choice(
    "a factor y is missing",
    options=(
        "it saved y and not x",
        "g is forgotten",
        "a factor y is missing",
        "there is one return too few",
    ),
    wrong={
        "it saved y and not x": "That is well: the derivative is written "
        "with the result, so x is not needed.",
        "g is forgotten": "It is there: g times what stands in the brackets.",
        "there is one return too few": "backward returns one gradient for "
        "each input, and there is one input.",
    },
    because="It says 1 - y and should say 1 - y * y. The table finds the "
    "place: what arrives at Tanh is right, what it sends is not.",
)

# %% [markdown]
# A function may leave the tensors' world, as long as its gradient comes back. Here `forward` counts
# on NumPy, of which nothing is recorded. The rule makes it differentiable all the same.
#
# **Before you go on:** what will `gradcheck` say to it?


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

# %% [predict]
predict.choice(
    "True",
    options=("True", "False", "an error"),
    wrong={
        "False": "cos is the derivative of what forward computes, and that "
        "is all that gradcheck compares.",
        "an error": "Nothing of what forward does is recorded anyway. The "
        "gradient comes from backward.",
    },
    because="gradcheck compares what comes out with measured slopes. How "
    "forward computes is its own affair.",
)

# %% [markdown]
# Where it pays to write a rule: log(1 + exp(x)) is a harmless curve, and computed step by step it
# breaks: exp(1000) is larger than any float can be.
#
# **Before you go on:** log(1 + exp(x)) is about x for a large x, so its slope there is 1. What will the
# gradient at 1000 be, step by step?

# %%
big = ad.tensor(1000.0, requires_grad=True)
naive = (1 + big.exp()).log()
naive.backward()
print("step by step:", naive.item(), big.grad.item())
print(viz.why(big, naive))

# %% [predict]
predict.choice(
    "nan",
    options=("1", "0", "inf", "nan"),
    wrong={
        "1": "That is the truth about the function. But log sends "
        "1 / inf = 0, and exp multiplies that by inf.",
        "0": "log sends 1 / inf = 0, but then exp multiplies by its result, "
        "which is infinite.",
        "inf": "log sends 1 / inf = 0, and exp multiplies that by infinity.",
    },
    because="log sends 1 / inf = 0, exp multiplies by its result inf, and "
    "0 * inf is not a number.",
)

# %% [markdown]
# With a rule of its own it is exact: the derivative of log(1 + exp(x)) is the sigmoid of x, which is
# never larger than 1.
#
# **Before you go on:** what must the gradient be at 1000, at -1000, and at 0? (Three numbers.)


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

# %% [predict]
predict.number(
    ad.tensor([1000.0, -1000.0, 0.0]).sigmoid(),
    wrong={
        (1.0, -1.0, 0.0): (
            "The curve never falls: far to the left it is flat, so its "
            "slope there is 0. At 0 it is 1 / (1 + exp(0))."
        ),
        (1.0, 0.0, 0.0): ("Nearly. The sigmoid of 0 is 1 / (1 + exp(0))."),
        (1.0, 0.0, 1.0): ("Nearly. The sigmoid of 0 is 1 / (1 + exp(0))."),
        (1.0, 0.0, 0.6931): (
            "0.6931 is the value at 0. The slope there is the sigmoid of 0."
        ),
    },
    because="The curve is flat on the left, rises with slope 1 on the "
    "right, and with half of it in the middle.",
)

# %% [markdown]
# **The exercise:** a function of two inputs, `base ** power`. So `backward` returns two gradients. The
# two derivatives are in the file; the rest of a rule you know.

# %% [exercise] power

# %% [markdown]
# **What you take along**
#
# - An operation is a pair: `forward` computes and puts aside what is needed;
#   `backward` gets g and returns a gradient for each input.
# - Forgetting g passes small tests. `gradcheck` with float64 does not let it pass.
# - A rule of its own can be exact where the step-by-step formula breaks.
#
# If a gradient is computed by operations, can it be differentiated as well?
