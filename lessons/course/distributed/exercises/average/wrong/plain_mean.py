# expect: a part with few samples counts as much
def average(copies, counts):
    for same in zip(*[copy.parameters() for copy in copies], strict=True):
        mean = sum(p.grad for p in same) / len(same)
        for p in same:
            p.grad = mean.clone()
