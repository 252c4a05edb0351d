# expect: one is enough
def train_step(w, optimizer, x):
    optimizer.zero_grad()
    features = (w * x).exp()
    first = features.sum()
    second = (features**2 * w).sum()
    (first + second).backward()
    optimizer.step()
    optimizer.step()
