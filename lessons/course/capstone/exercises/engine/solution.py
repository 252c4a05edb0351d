"""Reverse-mode automatic differentiation on one number at a time."""

import math


class Value:
    """A number that remembers how it was computed."""

    def __init__(self, data, operands=(), op="", rule=None):
        self.data, self.grad = data, 0.0
        self.operands, self.op, self.rule = operands, op, rule

    def __add__(self, other):
        other = value_of(other)
        return Value(
            self.data + other.data, (self, other), "+", lambda g: (g, g)
        )

    def __mul__(self, other):
        a, b = self, value_of(other)
        return Value(
            a.data * b.data, (a, b), "*", lambda g: (g * b.data, g * a.data)
        )

    def __pow__(self, n):
        x = self.data
        slope = n * x ** (n - 1) if n else 0.0
        return Value(x**n, (self,), f"**{n}", lambda g: (g * slope,))

    def exp(self):
        out = math.exp(self.data)
        return Value(out, (self,), "exp", lambda g: (g * out,))

    def log(self):
        x = self.data
        return Value(math.log(x), (self,), "log", lambda g: (g / x,))

    def tanh(self):
        out = math.tanh(self.data)
        return Value(out, (self,), "tanh", lambda g: (g * (1 - out**2),))

    def relu(self):
        on = self.data > 0
        return Value(self.data * on, (self,), "relu", lambda g: (g * on,))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -value_of(other)

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * value_of(other) ** -1

    def __rtruediv__(self, other):
        return value_of(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        """Add the derivative of this value to `grad` of each leaf it came from."""
        arrived = {self: 1.0}
        for value in ordered(self):
            g = arrived.pop(value)
            if not value.operands:
                value.grad += g
                continue
            for operand, sent in zip(
                value.operands, value.rule(g), strict=True
            ):
                arrived[operand] = arrived.get(operand, 0.0) + sent


def value_of(x):
    return x if isinstance(x, Value) else Value(x)


def ordered(out):
    """Every value that `out` came from, each before its operands."""
    finished, seen = [], set()
    stack = [(out, False)]
    while stack:
        value, operands_done = stack.pop()
        if operands_done:
            finished.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            stack += [(operand, False) for operand in value.operands]
    return finished[::-1]
