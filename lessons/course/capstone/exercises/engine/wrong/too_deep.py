# expect: not with a function that calls itself
from lessons.course.capstone.exercises.engine import solution
from lessons.course.capstone.exercises.engine.solution import Value


def ordered(out):
    finished, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for operand in value.operands:
                visit(operand)
            finished.append(value)

    visit(out)
    return finished[::-1]


solution.ordered = ordered
