# expect: gradients are swapped
from lessons.course.capstone.exercises.engine.solution import (
    Value,
    value_of,
)


def product(a, b):
    b = value_of(b)
    return Value(
        a.data * b.data, (a, b), "*", lambda g: (g * a.data, g * b.data)
    )


Value.__mul__ = Value.__rmul__ = product
