# expect: only the second loss has counted
def train_step(w, optimizer, x):
    features = (w * x).exp()
    first = features.sum()
    second = (features**2 * w).sum()
    optimizer.zero_grad()
    first.backward(retain_graph=True)
    optimizer.zero_grad()
    second.backward()
    optimizer.step()
