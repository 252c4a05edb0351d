"""Values that remember how they were computed."""


class Value:
    def __init__(self, data, operands=(), op=""):
        self.data, self.operands, self.op = data, operands, op

    def __add__(self, other):
        other = value_of(other)
        return Value(self.data + other.data, (self, other), "+")

    def __mul__(self, other):
        other = value_of(other)
        return Value(self.data * other.data, (self, other), "*")

    __radd__, __rmul__ = __add__, __mul__


def value_of(x):
    return x if isinstance(x, Value) else Value(x)
