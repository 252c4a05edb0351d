# expect: it adds to what earlier passes left there
from lessons.course.capstone.exercises.engine.solution import Value, ordered


def backward(self):
    arrived = dict.fromkeys(ordered(self), 0.0)
    arrived[self] = 1.0
    for value in ordered(self):
        if not value.operands:
            value.grad = arrived[value]
            continue
        sent = value.rule(arrived[value])
        for operand, g in zip(value.operands, sent, strict=True):
            arrived[operand] += g


Value.backward = backward
