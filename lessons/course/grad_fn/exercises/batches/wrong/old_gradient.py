# expect: old gradient is still in it
def mean_gradient(w, batches, loss_of):
    for batch in batches:
        (loss_of(batch) / len(batches)).backward()
    return w.grad
