# expect: not once per batch
def train_epoch(model, loader, criterion, optimizer, every):
    total = 0.0
    optimizer.zero_grad()
    for number, (x, y) in enumerate(loader, start=1):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        (loss / every).backward()
        total += loss.item()
        if number % every == 0:
            optimizer.step()
    return total / len(loader)
