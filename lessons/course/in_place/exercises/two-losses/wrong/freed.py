# expect: the first pass must not free it
def train_step(w, optimizer, x):
    optimizer.zero_grad()
    features = (w * x).exp()
    first = features.sum()
    second = (features**2 * w).sum()
    first.backward()
    second.backward()
    optimizer.step()
