"""The table of mistakes, one file per subject: what each of them raises, and that it explains.

``program(m)`` runs with autodiff or PyTorch as ``m``, so that the exception types can be compared;
those in ``IMAGES`` run with `autodiff.vision` or torchvision.
"""

from tests.mistakes import (
    backward,
    batches,
    creation,
    elements,
    files,
    functions,
    indexing,
    leaves,
    losses,
    modules,
    numbers,
    optimizers,
    schedules,
    shapes,
    transforms,
    windows,
)
from tests.mistakes.mistake import Mistake

__all__ = ["IMAGES", "MISTAKES", "Mistake"]

SUBJECTS = (
    backward, leaves, numbers, files, creation, shapes, indexing, elements, functions, windows,
    modules, losses, optimizers, schedules, batches,
)  # fmt: skip

MISTAKES: list[Mistake] = [mistake for subject in SUBJECTS for mistake in subject.MISTAKES]
IMAGES: list[Mistake] = transforms.MISTAKES
