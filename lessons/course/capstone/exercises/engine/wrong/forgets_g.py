# expect: multiply it by g
import math

from lessons.course.capstone.exercises.engine.solution import Value


def log(x):
    return Value(math.log(x.data), (x,), "log", lambda g: (1 / x.data,))


Value.log = log
