# expect: what this copy had before
def average(copies, counts):
    total = sum(counts)
    for same in zip(*[copy.parameters() for copy in copies], strict=True):
        pairs = zip(same, counts, strict=True)
        same[0].grad = sum(p.grad * (count / total) for p, count in pairs)
