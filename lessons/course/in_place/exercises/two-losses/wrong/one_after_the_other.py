# expect: a step of its own
def train_step(w, optimizer, x):
    optimizer.zero_grad()
    (w * x).exp().sum().backward()
    optimizer.step()
    optimizer.zero_grad()
    ((w * x).exp() ** 2 * w).sum().backward()
    optimizer.step()
