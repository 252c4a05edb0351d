"""A recurrent net, and backpropagation through time: a script, or `autodiff learn recurrent`."""

from lessons import predict

# %% [markdown]
# Text, sound and sensors come as sequences, of any length. A **recurrent** net reads one item after
# the other and keeps a *state* `h` of what it has read. The same weights are used at every step.
#
# The smallest one has a single weight: h = u * h + x. Here it reads three ones. Read the graph from
# the bottom up: the loop is gone, and what is left is a long formula.
#
# **Before you go on:** u is 2 and h begins at 0. What is `h` after the three steps?

# %%
import autodiff as ad
import viz
from autodiff import Scalar, nn


def run(u, xs, h=0.0):
    for x in xs:
        h = u * h + x
    return h


u = Scalar(2.0)
h = run(u, [1.0, 1.0, 1.0])
print(viz.graph(h))

# %% [predict]
predict.number(
    h,
    wrong={
        8.0: "That is 2 * 2 * 2. Each step also adds its input, and h began at 0.",
        3.0: "That is the sum of the inputs: each step doubles the state first.",
    },
    because="2 * 0 + 1 is 1, 2 * 1 + 1 is 3, 2 * 3 + 1 is 7.",
)

# %% [markdown]
# A loop written out like this is said to be *unrolled*. The backward pass needs no new rule: it walks
# the formula from its end to its beginning, which here is from the last step to the first. That is all
# there is to **backpropagation through time**.
#
# `u` was used three times, so three contributions arrive at it, one for each step, and they add up.
#
# **Before you go on:** the three states were 0, 1 and 3 when they met `u`. What is the derivative of
# the last `h` by `u`?

# %%
print(viz.backward(h))

# %% [predict]
predict.gradient(
    lambda: run(u, [1.0, 1.0, 1.0]),
    u,
    wrong={
        4.0: "You added the states 0, 1 and 3. But what an earlier use of u"
        " changed still passes through the later steps, and each doubles it.",
    },
    because="The last use gives the state before it, 3. The one before gives 1,"
    " doubled on its way to the end: 2. The first one gives 0.",
)

# %% [markdown]
# In general: the use of `u` at step t contributes (the state before that step) times (what the rest
# of the sequence does to a change there), and the latter is a product of one `u` for each step that
# follows. Work it out backwards with a loop, without an engine.

# %% [exercise] bptt

# %% [markdown]
# That product decides how far back a net can learn. Its factors are all the same, so it vanishes or
# explodes more readily than in any net of layers.
#
# **Before you go on:** u is 0.5. How much does the state after 10 steps change if the state at the
# beginning grows by 1, about?

# %%
for factor in (0.5, 1.0, 2.0):
    u, start = Scalar(factor), Scalar(0.0)
    for steps in (1, 10, 50):
        start.grad = None
        run(u, [1.0] * steps, start).backward()
        print(f"u {factor}  {steps:2} steps  gradient {start.grad:.3g}")

# %% [predict]
u, start = Scalar(0.5), Scalar(0.0)
predict.gradient(
    lambda: run(u, [1.0] * 10, start),
    start,
    wrong={
        5.0: "The halves are multiplied, not added.",
        0.5: "That is after one step.",
        0.0: "Small, but after 10 steps you can still see it. After 50 hardly.",
    },
    because="0.5 to the power of 10 is about 0.001.",
)

# %% [markdown]
# A real recurrent layer keeps a vector, and bends it: h = tanh(W_ih x + b_ih + W_hh h + b_hh).
# `nn.RNN` does that for a whole sequence. It gives the states of all steps, and the last one.
#
# **Before you go on:** five steps of three numbers each go in, and the state has four numbers. What is
# the shape of `states`?

# %%
ad.manual_seed(0)
layer = nn.RNN(3, 4)
sequence = ad.randn(5, 3)
states, last = layer(sequence)
print("states", list(states.shape), "  last", list(last.shape))

h = ad.zeros(4)
for x in sequence:
    inner = layer.weight_ih_l0 @ x + layer.bias_ih_l0
    h = (inner + layer.weight_hh_l0 @ h + layer.bias_hh_l0).tanh()
print("by hand the same:", ad.allclose(h, last[0], atol=1e-6))
print("learned numbers: ", sum(p.numel() for p in layer.parameters()))

# %% [predict]
predict.shape(
    states.shape,
    wrong={
        (
            5,
            3,
        ): "That goes in. Each step gives a state, which has four numbers.",
        (4,): "That is one state, and there is one for each step.",
        (1, 4): "That is `last`: the state after the last step.",
    },
    because="A state of 4 numbers after each of the 5 steps. The learned numbers"
    " are the same for 5 steps as for 5,000.",
)

# %% [markdown]
# Let one learn a sentence: it reads a letter, and says which comes next. Afterwards we give it one
# letter and feed it what it says itself.
#
# **Before you go on:** there are 13 different letters. What is the loss of a net that knows nothing,
# about? (It is -log of the probability of the right one.)

# %%
sentence = "to be or not to be that is the question "
letters = sorted(set(sentence))
codes = ad.tensor([letters.index(letter) for letter in sentence])


class Speller(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(letters), 16)
        self.rnn = nn.RNN(16, 32)
        self.score = nn.Linear(32, len(letters))

    def forward(self, codes, h=None):
        states, h = self.rnn(self.embed(codes), h)
        return self.score(states), h


def loss_of(model, codes, h=None):
    scores, h = model(codes[:-1], h)
    return nn.functional.cross_entropy(scores, codes[1:]), h


ad.manual_seed(0)
model = Speller()
untrained = loss_of(model, codes)[0].item()
optimizer = ad.optim.Adam(model.parameters(), lr=0.02)
for _ in range(100):
    optimizer.zero_grad()
    loss, _ = loss_of(model, codes)
    loss.backward()
    optimizer.step()
print(f"loss {untrained:.3f}, after training {loss.item():.4f}")

# %% [predict]
predict.number(
    -ad.tensor(1 / len(letters)).log(),
    within=0.05,
    wrong={
        1 / 13: "That is the probability. The loss is minus its logarithm."
    },
    because="A guess among 13 has the probability 1/13, and -log(1/13) is 2.56.",
)

# %% [markdown]
# The letter alone does not tell what follows: after a space comes a `b`, an `o`, an `n` ... It has to
# remember.

# %%
with ad.no_grad():
    code, h, said = codes[:1], None, sentence[0]
    for _ in range(60):
        scores, h = model(code, h)
        code = scores.argmax(dim=1)
        said += letters[code.item()]
print(said)

# %% [markdown]
# A long text is read in chunks: a step of training after each, and the state carried on. But the
# state was *computed*: it hangs on the graph of the chunk before it, which the first `backward()`
# has freed.
#
# **Before you go on:** what happens in the second chunk?

# %%
from textwrap import fill

h = None
try:
    for chunk in (codes[:21], codes[20:]):
        loss, h = loss_of(model, chunk, h)
        loss.backward()
        print("a chunk is done")
except RuntimeError as mistake:
    first, *rest = str(mistake).splitlines()
    print(fill(first, 76), *rest, sep="\n")

# %% [predict]
predict.choice(
    "an error",
    options=("it learns", "an error", "a wrong gradient"),
    wrong={
        "it learns": "The pass wants to go on into the first chunk, and what it"
        " needs there is gone.",
        "a wrong gradient": "It would be, if the engine went on without the"
        " saved values. It refuses.",
    },
    because="The second loss depends on the first chunk through the state h.",
)

# %% [markdown]
# The error names `retain_graph=True`. Here that is the wrong cure: every pass would go back to the very
# beginning, longer each time. What is meant is `h = h.detach()`: keep the *numbers*, and let the graph
# begin anew. That is **truncated** backpropagation through time.
#
# **Before you go on:** three chunks of equal length, with `detach()` after each. How many steps has the
# third pass, compared with the first?

# %%


def pass_lengths(cut):
    lengths, h = [], None
    for start in range(0, 30, 10):
        loss, h = loss_of(model, codes[start : start + 11], h)
        lengths.append(len(viz.backward(loss)))
        if cut:
            h = h.detach()
    return lengths


print("graph kept: ", pass_lengths(cut=False))
print("h.detach(): ", pass_lengths(cut=True))

# %% [predict]
predict.choice(
    "as many as the first",
    options=("as many as the first", "three times as many", "none"),
    wrong={
        "three times as many": "That is roughly what retain_graph=True would do.",
        "none": "Within its own chunk each pass is complete.",
    },
    because="Each graph begins at the detached state, and no longer knows where"
    " that came from.",
)

# %% [markdown]
# And keeping the graph does not even work: after `optimizer.step()` the weights are no longer those that
# the old chunks were computed with, and the pass notices.

# %%
h = None
optimizer = ad.optim.SGD(model.parameters(), lr=0.01)
try:
    for chunk in (codes[:21], codes[20:]):
        optimizer.zero_grad()
        loss, h = loss_of(model, chunk, h)
        loss.backward(retain_graph=True)
        optimizer.step()
        print("a chunk is done")
except RuntimeError as mistake:
    print(fill(str(mistake).splitlines()[0], 76))

# %% [markdown]
# What does truncation cost? The numbers going forward stay the same. The gradient loses what lies
# before the cut.
#
# **Before you go on:** once more h = 2 * h + x with three ones, and the state is detached before the
# last step. Without the cut the gradient was 5. And now?

# %%
u = Scalar(2.0)
h = run(u, [1.0], run(u, [1.0, 1.0]).detach())
print(viz.graph(h))
h.backward()
print("u.grad", u.grad)

# %% [predict]
predict.gradient(
    lambda: run(u, [1.0], run(u, [1.0, 1.0]).detach()),
    u,
    wrong={
        5.0: "That includes the first two steps. They are cut off.",
        2.0: "That is what is lost. What the last step sees is left.",
        0.0: "The last step itself is not cut off: u is used in it.",
    },
    because="Only the last use of u counts: the state before it, 3. The net"
    " still remembers further back; it cannot learn to.",
)

# %% [markdown]
# Now write the loop that reads a long text in chunks: carry on the state, cut its graph.

# %% [exercise] chunks

# %% [markdown]
# Better than a longer reach is a state that does not fade. An **LSTM** has a second state, to which
# each step *adds*; a gate, a number between 0 and 1, says how much of the old is kept. On the way back the
# factor is that gate, and it can learn to be close to 1. (Below, a bias of 5 opens the gates wide.)
#
# **Before you go on:** how does the last state depend on the input 60 steps earlier: in which of the
# three is the gradient largest?


# %%
def reach(layer):
    xs = ad.randn(60, 4, requires_grad=True)
    states, _ = layer(xs)
    states[-1].sum().backward()
    return [f"{xs.grad[-t].norm().item():.0e}" for t in (1, 10, 30, 60)]


ad.manual_seed(0)
layers = {"RNN": nn.RNN(4, 32), "LSTM": nn.LSTM(4, 32)}
layers["LSTM, open"] = nn.LSTM(4, 32)
with ad.no_grad():
    layers["LSTM, open"].bias_hh_l0[32:64] = 5.0
for name, layer in layers.items():
    print(f"{name:10} 1, 10, 30, 60 steps back:", *reach(layer))

# %% [predict]
predict.choice(
    max(layers, key=lambda name: float(reach(layers[name])[-1])),
    options=("RNN", "LSTM", "LSTM, open"),
    wrong={
        "RNN": "Its factor is W_hh times the slope of tanh, sixty times over.",
        "LSTM": "Its gates begin about half open, so each step keeps only a part.",
    },
    because="With a gate near 1 the way back through the second state is hardly"
    " more than a chain of additions, whose local derivative is 1.",
)

# %% [markdown]
# **What you take along**
#
# - A loop, unrolled, is a long formula; the ordinary pass goes back through it.
# - The weight is used at every step, so its contributions add up; along the way
#   the factors multiply, and vanish or explode.
# - Between chunks carry on the numbers, not the graph: `h = h.detach()`.
#
# Vanishing and exploding are not a matter of time alone. Depth does the same.
