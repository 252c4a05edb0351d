"""The head of a program: imports of the names that it uses, and of no others."""

from __future__ import annotations

import re

__all__ = ["headed", "imports"]

WHOLE = {"math": "import math", "np": "import numpy as np"}
"""Modules that programs name with a dot behind."""


def imports(text: str, modules: dict[str, tuple[str, ...]]) -> str:
    """The import statements for a program's text.

    Args:
        text: the rest of the program.
        modules: names that it may use, by the module that they are in.

    >>> print(imports("y = np.exp(x); z = empty(3)", {"numpy": ("empty", "float32")}))
    import numpy as np
    from numpy import empty
    """
    used = set(re.findall(r"\w+", text))
    lines = [line for name, line in WHOLE.items() if name in used]
    for module, names in modules.items():
        if wanted := [name for name in names if name in used]:
            lines.append(f"from {module} import {', '.join(wanted)}")
    return "\n".join(lines)


def headed(title: str, program: str, modules: dict[str, tuple[str, ...]]) -> str:
    """A whole module: its title (a docstring), its imports, and the program."""
    future = "from __future__ import annotations"
    return "\n\n".join([title, future, imports(program, modules), f"\n{program}"])
