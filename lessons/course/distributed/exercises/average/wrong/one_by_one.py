# expect: work out the mean first
def average(copies, counts):
    total = sum(counts)
    for same in zip(*[copy.parameters() for copy in copies], strict=True):
        for p in same:
            pairs = zip(same, counts, strict=True)
            p.grad = sum(q.grad * (count / total) for q, count in pairs)
