# expect: cleared between the passes
def mean_gradient(w, batches, loss_of):
    for batch in batches:
        w.grad = None
        (loss_of(batch) / len(batches)).backward()
    return w.grad
