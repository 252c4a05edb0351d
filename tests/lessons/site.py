"""A small course for the tests of its site, on request with an attack in everything it holds."""

from __future__ import annotations

from pathlib import Path

from lessons.format import Lesson, load_course

HOSTILE = "</script></template><script>window.ran = true</script><img src=x onerror='ran = true'>"

COURSE = """
[[lesson]]
id = "first"
title = "{title}"
summary = "{title}"
minutes = 5

[[lesson]]
id = "second"
title = "Second"
summary = "A number."
minutes = 3
"""

FIRST = '''
"""The first lesson."""

from lessons import predict

# %% [markdown]
# Something is used **twice**. {attack}
#
# | x | y |
# |---|---|
# | {attack} | 2 |

# %%
import viz
from autodiff import Scalar

x = Scalar(3.0)
square = x * x
print(viz.graph(square))

# %% [markdown]
# More of it: `autodiff learn second --step 1`.
#
# **Before you go on:** how many leaves? {attack}

# %%
print("one leaf {attack}")

# %% [predict]
predict.choice(
    "one", options=("one", "two {attack}"), wrong={{"two {attack}": "Both are `x`. {attack}"}}
)

# %% [markdown]
# **Before you go on:** what will `x.grad` be?

# %%
print(viz.backward(square))

# %% [predict]
predict.gradient(lambda: x * x, x, because="Both paths {attack} count.")

# %% [markdown]
# **Before you go on:** which expression has this graph?

# %%
out = x * x + 2
print(out)

# %% [predict]
predict.graph(out, wrong={{"x ** 2 + 2": "A power is one operation."}}, because="So it was made.")

# %% [markdown]
# **Before you go on:** think of a number.

# %%
print(7)

# %% [markdown]
# Your turn. {attack}

# %% [exercise] slope

# %% [markdown]
# A slope says *how fast*.
'''

SECOND = """
from lessons import predict

# %% [markdown]
# **Before you go on:** which shape?

# %%
import autodiff as ad

print(ad.ones(2, 3).sum(0))

# %% [predict]
predict.shape(
    (3,), wrong={{(2,): "That sums over the other dimension."}}, because="Rows are added. {attack}"
)

# %% [markdown]
# **Before you go on:** which numbers?

# %%
print(1, 2.5)

# %% [predict]
predict.number([1, 2.5], wrong={{(2.5, 1): "Those are in the other order."}})

# %% [markdown]
# **Before you go on:** which graph?

# %%
x = ad.ones(2, 2, requires_grad=True)
rows, columns = x.sum(0), x.sum(1)
print(rows)

# %% [predict]
predict.graph(rows * 2, wrong={{"columns * 2": "That sums over the other dimension."}})
"""


def quoted(text: str) -> str:
    """A text as it can stand in one line of prose, TOML or Python, between double quotes too."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return line.replace("\\", "/").replace('"', '\\"')


def small_course(folder: Path, *, attack: str = "") -> list[Lesson]:
    """Write a course of two lessons into a folder, with an attack in all its texts, and load it."""
    attack = quoted(attack)
    (folder / "course.toml").write_text(COURSE.format(title=attack or "First"))
    for name, source in (("first", FIRST), ("second", SECOND)):
        (folder / name).mkdir()
        (folder / name / "lesson.py").write_text(source.format(attack=attack))
    files = {
        "exercise.py": f"def slope(x):\n    raise NotImplementedError  # {attack}\n",
        "solution.py": f"def slope(x):\n    return 2 * x  # {attack}\n",
        "check.py": "def check(work):\n    assert work.slope(2) == 4\n",
        "hints.md": f"Look at the graph. {attack}\n---\nAdd the two paths.\n",
    }
    exercise = folder / "first" / "exercises" / "slope"
    exercise.mkdir(parents=True)
    for name, content in files.items():
        (exercise / name).write_text(content)
    return load_course(folder)
