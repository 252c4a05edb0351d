# expect: backward passes have to come before the step
def train_step(w, optimizer, x):
    optimizer.zero_grad()
    features = (w * x).exp()
    first = features.sum()
    second = (features**2 * w).sum()
    first.backward(retain_graph=True)
    optimizer.step()
    second.backward(retain_graph=True)
    optimizer.step()
