# expect: One contribution has replaced another
from lessons.course.capstone.exercises.engine.solution import Value, ordered


def backward(self):
    arrived = {self: 1.0}
    for value in ordered(self):
        if value.operands:
            sent = value.rule(arrived[value])
            arrived.update(zip(value.operands, sent, strict=True))
        else:
            value.grad += arrived[value]


Value.backward = backward
