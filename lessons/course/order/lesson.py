"""Order and accumulation: a script, or play it with `autodiff learn order`."""

from lessons import predict

# %% [markdown]
# A gradient is passed on from each value to those it was computed from. In *which order*? This lesson
# is about that one question. It is where home-made engines go wrong, and where they get so slow that
# they never finish.
#
# The smallest program that shows it: `a` is used twice, and so is `b`.
#
# **Before you go on:** what is the gradient of `a`?

# %%
import viz
from autodiff import Scalar

a = Scalar(2.0)
b = a + a
c = b + b
print(viz.graph(c))
print()
print(viz.backward(c))

# %% [predict]
predict.gradient(
    lambda: c,
    a,
    wrong={
        8.0: "That is the value of c. Its derivative is how much c "
        "grows when a grows by 1.",
    },
    because="Two contributions of 1 make 2 at b, and two of 2 make 4 at a.",
)

# %% [markdown]
# Now write an engine. A graph in its barest form: for each value, what it was computed from, and the
# local derivative there. All that a pass needs.
#
# The first idea that comes to mind is plain recursion: add your gradient to each value below, and let
# each one go on at once in the same way.
#
# **Before you go on:** follow it with a pencil. `send("c")` adds 1 to b, and *at once* sends on b's
# gradient; then it adds the second 1 to b, and sends again. What ends up at a?

# %%
graph = {
    "c": [("b", 1.0), ("b", 1.0)],
    "b": [("a", 1.0), ("a", 1.0)],
    "a": [],
}
grads = {"c": 1.0, "b": 0.0, "a": 0.0}


def send(name):
    for below, local in graph[name]:
        grads[below] += grads[name] * local
        send(below)


send("c")
print(grads)

# %% [predict]
predict.number(
    grads["a"],
    wrong={
        4.0: "That would be right, but this engine is not. The second time, "
        "b sends on 2: the new 1, and once more the old one.",
        2.0: "Each visit of b sends something to a twice: first 1 and 1, "
        "then 2 and 2.",
        3.0: "b sends to a twice at each visit: 1 and 1, then 2 and 2.",
    },
    because="At its first visit b has 1 and sends 1 + 1. At its second it has "
    "2 and sends 2 + 2. The first contribution was sent on twice.",
)

# %% [markdown]
# So let each visit send on only what is *new*. The recursion below hands the contribution `g` down,
# and not the sum so far. That gives the right number: it walks every *path* from c to a, multiplies
# along it, and adds the paths up. The chain rule, word for word.
#
# But how many paths are there? We stack n lines like `b = a + a` and count the visits.
#
# **Before you go on:** for 2 lines there are 7 visits: 1 + 2 + 4. How many for 10 lines?


# %%
def stacked(n):
    lines = {i: [(i - 1, 1.0), (i - 1, 1.0)] for i in range(1, n + 1)}
    return {0: [], **lines}


def walk(graph, name, g, grads):
    grads[name] += g
    return 1 + sum(walk(graph, x, g * k, grads) for x, k in graph[name])


print(" n  gradient    visits")
for n in (2, 4, 10, 16):
    grads = dict.fromkeys(range(n + 1), 0.0)
    visits = walk(stacked(n), n, 1.0, grads)
    print(f"{n:2}  {grads[0]:8} {visits:9}")

# %% [predict]
predict.number(
    2**11 - 1,
    wrong={
        35: "It does not grow by the same amount for each line. Every line "
        "doubles the number of paths.",
        20: "It does not grow by the same amount for each line. Every line "
        "doubles the number of paths.",
        11: "That is how many values there are, and how many visits would do.",
        1024: "That is how often a alone is visited. The others are visited "
        "on the way: 1 + 2 + 4 + ... + 1024.",
        2048: "Nearly: 1 + 2 + 4 + ... + 1024 is one less.",
        1023: "That is for 9 lines. The last term is 2 ** 10 = 1024.",
    },
    because="1 + 2 + 4 + ... + 1024. With 60 lines it would not finish in a "
    "lifetime, and a net reuses values in every layer.",
)

# %% [markdown]
# Both engines have the same fault: they go on too early. A value should wait until **all** its
# contributions have arrived, add them up, and then send *once*. So we need an order in which every
# value comes before what it was computed from.
#
# Perhaps just take them as they come, level by level, from the result down? Here is a program where
# one way is longer: `x` is used by the result, and also deep below.
#
# **Before you go on:** y = 2 * x, z = 3 * y, loss = z + x. Level by level gives the order loss, z, x,
# y. Is that an order in which each value may send?

# %%
x = Scalar(1.0)
y = x * 2
z = y * 3
loss = z + x
print(viz.graph(loss))
print()
print(viz.backward(loss))

# %% [predict]
predict.choice(
    "no",
    options=("yes", "no"),
    wrong={
        "yes": "x would be done before y has sent it anything: only the 1 "
        "from loss would count."
    },
    because="y uses x, so x has to come after y, however near to the result "
    "x is. Note that the engine takes x last.",
)

# %% [markdown]
# Such an order is called **topological**, and there is a short way to find one. Visit everything below
# a value first, each value only *once*, and then note the value itself. That puts every value *after*
# what it was computed from: the forward order. Turn it around.
#
# **Before you go on:** which name is noted *first*?

# %%
graph = {
    "loss": [("z", 1.0), ("x", 1.0)],
    "z": [("y", 3.0)],
    "y": [("x", 2.0)],
    "x": [],
}


def visit(name, found):
    if name not in found:
        for below, _ in graph[name]:
            visit(below, found)
        found.append(name)


found = []
visit("loss", found)
print("forward: ", found)
print("backward:", found[::-1])

# %% [predict]
predict.choice(
    "x",
    options=("loss", "z", "y", "x"),
    wrong={
        "loss": "loss is visited first, but noted last: after everything "
        "below it.",
        "y": "y is visited before x, but it is noted after it: first comes "
        "what lies below.",
        "z": "z is visited before the others, but first its own y is "
        "visited, and so on down.",
    },
    because="The visits go down to x at once. It is noted first, and so it "
    "is the last in the backward order: after y *and* after loss.",
)

# %% [markdown]
# Is there only one such order? Often there are several, and each gives the same gradients: between
# values that do not use each other, it does not matter who is first.
#
# **Before you go on:** p = a * b, q = a + b, out = p * q. Which of these is *not* an order for the
# backward pass?

# %%
from itertools import permutations

uses = {"out": ["p", "q"], "p": ["a", "b"], "q": ["a", "b"]}


def allowed(order):
    place = order.index
    return all(place(v) < place(x) for v in uses for x in uses[v])


orders = [
    o for o in permutations(["out", "p", "q", "a", "b"]) if allowed(o)
]
print(len(orders), "of 120 orders are allowed:")
for order in orders:
    print("   ", " ".join(order))

# %% [predict]
predict.choice(
    "out p a q b",
    options=("out p q a b", "out q p b a", "out p a q b"),
    wrong={
        "out p q a b": "Here a and b come after both p and q, which use them.",
        "out q p b a": "p and q do not use each other, nor do a and b: each "
        "pair may stand either way round.",
    },
    because="In out p a q b, a has its turn before q has sent it anything.",
)

# %% [markdown]
# **The exercise:** write the ordering yourself, for any graph.

# %% [exercise] order

# %% [markdown]
# With the order at hand, the pass itself is a loop of four lines. It keeps what has arrived so far,
# per value, until the value's turn comes.
#
# **The exercise:** write that loop. One thing in it is easily forgotten, and you know which.

# %% [exercise] backward

# %% [markdown]
# The real engine does just this: `topological_order` and a loop over it. But it uses no recursion,
# because Python allows only about a thousand calls inside each other, and a long computation is a
# deep graph.
#
# **Before you go on:** 5,000 additions in a row. Which of the two will manage?

# %%
from autodiff.graph import topological_order

deep = Scalar(1.0)
start = deep
for _ in range(5000):
    deep = deep + 1.0
graph = {i: [(i - 1, 1.0)] for i in range(1, 5001)} | {0: []}
try:
    visit(5000, [])
except RecursionError as error:
    print("recursion:", error)
print("engine:   ", len(topological_order([deep.grad_fn])), "in order")
deep.backward()
print("start.grad", start.grad)

# %% [predict]
predict.choice(
    "the engine",
    options=("our visit", "the engine", "both"),
    wrong={
        "our visit": "Each visit waits for the one below it to return: 5,000 "
        "calls inside each other.",
        "both": "Each visit waits for the one below it to return: 5,000 "
        "calls inside each other, and Python stops that.",
    },
    because="The engine keeps a list of what is still to do, instead of "
    "calls that wait.",
)

# %% [markdown]
# Back to the tower of `b = a + a` that no recursion could walk. With an order, each value has its turn
# once, and each edge is used once. So the work grows with the number of operations, and not with the
# number of paths.
#
# **Before you go on:** 60 such lines, one on top of the other. How many steps does the pass take: one
# for each addition, and one for the leaf?

# %%
from autodiff.autograd import backward_steps

a = Scalar(1.0)
top = a
for _ in range(60):
    top = top + top
steps = sum(1 for _ in backward_steps(top))
print("steps:", steps)
print("paths:", 2**60)
print("a.grad", a.grad)

# %% [predict]
predict.number(
    steps,
    wrong={
        2**60: "That is the number of paths. With an order, nobody walks "
        "them one by one.",
        120: "Each addition has two edges, but it has its turn once.",
        60: "And one for the leaf.",
        2**61 - 1: "That is how many visits plain recursion would make.",
    },
    because="61 steps, and they have added up more paths than anybody could "
    "walk.",
)

# %% [markdown]
# **What you take along**
#
# - Plain recursion sends contributions on twice, or walks every path.
# - In a topological order a value comes before those it was computed from. So
#   all its contributions are there when its turn comes, and it sends *once*.
# - The work grows with the number of operations, not with that of paths.
#
# So far every pass began at a single number. What if the result has several?
