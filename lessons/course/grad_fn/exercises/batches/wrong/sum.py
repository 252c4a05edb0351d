# expect: the mean is a third of it
def mean_gradient(w, batches, loss_of):
    w.grad = None
    for batch in batches:
        loss_of(batch).backward()
    return w.grad
