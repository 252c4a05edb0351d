# expect: began with no state
from autodiff.nn import functional as F


def train(model, inputs, targets, size, optimizer):
    losses = []
    for start in range(0, len(inputs), size):
        part = slice(start, start + size)
        scores, _ = model(inputs[part], None)
        loss = F.cross_entropy(scores, targets[part])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
