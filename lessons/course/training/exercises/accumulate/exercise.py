"""Write one epoch that takes a step for every few batches.

``loader`` gives batches (x, y), all of the same size; their number is a
multiple of ``every``. After each ``every`` batches take one step, with the
gradient of the mean loss over all of their samples together. Return the mean
of the batches' losses, as a plain number.
"""


def train_epoch(model, loader, criterion, optimizer, every):
    total = 0.0
    optimizer.zero_grad()
    for x, y in loader:
        loss = criterion(model(x), y)
        ...
    return total / len(loader)
