# expect: leaves its operands alone
class Value:
    def __init__(self, data, operands=(), op=""):
        self.data, self.operands, self.op = data, operands, op

    def __add__(self, other):
        self.data, self.operands, self.op = (
            self.data + other.data,
            (self, other),
            "+",
        )
        return self

    def __mul__(self, other):
        self.data, self.operands, self.op = (
            self.data * other.data,
            (self, other),
            "*",
        )
        return self
