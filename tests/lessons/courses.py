"""A small course that tests of the player make for themselves."""

from __future__ import annotations

from pathlib import Path

from lessons.format import Lesson, load_course

FIRST = '''"""The first lesson."""

from lessons import predict

# %% [markdown]
# A product of two numbers.

# %%
import viz
from autodiff import Scalar

a, b = Scalar(2.0), Scalar(-3.0)
c = a * b
print(viz.graph(c))

# %% [markdown]
# **Before you go on:** what are the gradients?

# %%
c.backward()
print("gradients", a.grad, b.grad)

# %% [predict]
predict.gradient(lambda: a * b, a, b, because="Each factor gets the other one.")

# %% [markdown]
# **Before you go on:** what does a second pass say?

# %%
try:
    c.backward()
except RuntimeError as error:
    print(error)

# %% [markdown]
# Now you: write the slope of x squared.

# %% [exercise] my-slope

# %% [markdown]
# A slope says *how fast*.
'''

SECOND = '''"""The second lesson."""

# %% [markdown]
# Something about accumulation.

# %%
print("the second lesson")
'''

TOML = """
[[lesson]]
id = "first"
title = "The first"
summary = "One."
minutes = 10

[[lesson]]
id = "grad-fn"
title = "The second"
summary = "Two."
minutes = 10
"""

EXERCISE = {
    "exercise.py": '"""Write the slope."""\n\n\ndef slope(x):\n    raise NotImplementedError\n',
    "solution.py": "def slope(x):\n    return 2 * x  # ours\n",
    "check.py": "from lessons.checking import expect\n\n\ndef check(work):\n"
    '    expect(work.slope(3.0), 6.0, "slope(3.0)", wrong={9.0: "That is x squared."})\n',
    "hints.md": "The first hint.\n\n---\n\nThe second hint.\n",
    "wrong/squared.py": "# expect: x squared\ndef slope(x):\n    return x * x\n",
}


def small_course(folder: Path) -> list[Lesson]:
    """Two lessons; the first has a prediction, an open question, an error and an exercise."""
    files = {"course.toml": TOML, "first/lesson.py": FIRST, "grad_fn/lesson.py": SECOND}
    files |= {f"first/exercises/my-slope/{name}": text for name, text in EXERCISE.items()}
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return load_course(folder)
