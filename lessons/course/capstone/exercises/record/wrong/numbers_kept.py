# expect: the values, not copies of them and not their numbers
class Value:
    def __init__(self, data, operands=(), op=""):
        self.data, self.operands, self.op = data, operands, op

    def __add__(self, other):
        return Value(self.data + other.data, (self.data, other.data), "+")

    def __mul__(self, other):
        return Value(self.data * other.data, (self.data, other.data), "*")
