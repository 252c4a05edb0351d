# expect: was divided again with each new one
def mean_gradient(w, batches, loss_of):
    w.grad = None
    for batch in batches:
        loss_of(batch).backward()
        w.grad /= len(batches)
    return w.grad
