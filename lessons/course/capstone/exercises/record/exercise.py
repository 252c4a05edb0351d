"""Values that remember how they were computed.

Complete `Value`. `a + b` and `a * b` give a new Value, which knows its number
(`data`), the two values it was computed from (`operands`, in their order), and
"+" or "*" (`op`). A leaf has no operands: ().

One of the two may be a plain number, on either side: `a * 2.0`, `2.0 * a`.
Make a Value of it first.
"""


class Value:
    def __init__(self, data, operands=(), op=""):
        self.data, self.operands, self.op = data, operands, op

    def __add__(self, other):
        raise NotImplementedError

    def __mul__(self, other):
        raise NotImplementedError
