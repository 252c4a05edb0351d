# expect: keeps the graphs of all batches alive
def mean_gradient(w, batches, loss_of):
    w.grad = None
    (sum(loss_of(batch) for batch in batches) / len(batches)).backward()
    return w.grad
