"""TITLE: run it as a script, or play it with `autodiff learn NAME`."""

from lessons import predict

# %% [markdown]
# Say in two or three sentences what this lesson answers, and why somebody would ask.
#
# Then show the smallest thing that works. A step is prose and the code that follows it, and every
# step prints something.

# %%
import viz
from autodiff import Scalar

x = Scalar(3.0)
y = x * x
print(y)

# %% [markdown]
# Draw the graph before you talk about it. Here `x` is **used twice**.

# %%
print(viz.graph(y))

# %% [markdown]
# A question makes the learner think before the answer is on the screen. The cell after the code
# knows the answer, why it is right, and what typical wrong answers give away.
#
# **Before you go on:** what will `x.grad` be?

# %%
y.backward()
print("x.grad =", x.grad)

# %% [predict]
predict.gradient(
    lambda: x * x,
    x,
    wrong={9.0: "That is the value of y, not its slope."},
    because="x is used twice: each use sends 3, and the two add up.",
)

# %% [markdown]
# Let people get it wrong safely: show what goes wrong, and what the error says.

# %%
try:
    y.backward()
except RuntimeError as error:
    print(error)

# %% [markdown]
# Not every question is about numbers.
#
# **Before you go on:** did the failed pass change `x.grad`, yes or no?

# %%
print("x.grad =", x.grad)

# %% [predict]
predict.choice(
    "no",
    options=("yes", "no"),
    wrong={"yes": "The pass stopped before it came to x."},
    because="An error at the first operation leaves everything as it was.",
)

# %% [markdown]
# Watch the pass itself. A question without a cell of its own is not judged; the learner answers
# in their head.
#
# **Before you go on:** in how many steps does it come to `x`?

# %%
print(viz.backward(x * x))

# %% [markdown]
# Now it is the learner's turn: pose the exercise here, in a sentence or two. What they are to
# write is in `exercises/square`.

# %% [exercise] square

# %% [markdown]
# Prose at the end sums up what the learner takes along. It is shown after the last step.
