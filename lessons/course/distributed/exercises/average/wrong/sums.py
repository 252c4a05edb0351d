# expect: that is the sum
def average(copies, counts):
    for same in zip(*[copy.parameters() for copy in copies], strict=True):
        total = sum(p.grad for p in same)
        for p in same:
            p.grad = total.clone()
