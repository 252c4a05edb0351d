# expect: clearing one clears both
def average(copies, counts):
    total = sum(counts)
    for same in zip(*[copy.parameters() for copy in copies], strict=True):
        pairs = zip(same, counts, strict=True)
        mean = sum(p.grad * (count / total) for p, count in pairs)
        for p in same:
            p.grad = mean
