"""Your own engine: at most 100 lines of code.

`Value(2.0)` is a leaf. Values know + - * / and ** (to a power that is a plain
number), with plain numbers on either side, and exp, log, tanh and relu.

`out.backward()` adds to `grad` of every *leaf* the derivative of `out`. Called
again, it adds again. `grad` begins at 0.0.

Each value that was computed keeps `operands`, `op` ("+", "*", "exp", ...), and
`rule`: given the gradient of the value, it returns what each operand is sent.
"""

import math


class Value:
    def __init__(self, data, operands=(), op="", rule=None):
        self.data, self.grad = data, 0.0
        self.operands, self.op, self.rule = operands, op, rule

    def __add__(self, other):
        other = value_of(other)
        data = self.data + other.data
        return Value(data, (self, other), "+", lambda g: (g, g))

    def exp(self):
        out = math.exp(self.data)
        return Value(out, (self,), "exp", lambda g: (g * out,))

    # -, *, /, ** and the rest of the functions come here

    def backward(self):
        raise NotImplementedError


def value_of(x):
    return x if isinstance(x, Value) else Value(x)
