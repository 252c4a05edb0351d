# expect: count from 1
def train_epoch(model, loader, criterion, optimizer, every):
    total = 0.0
    optimizer.zero_grad()
    for number, (x, y) in enumerate(loader):
        loss = criterion(model(x), y)
        (loss / every).backward()
        total += loss.item()
        if number % every == 0:
            optimizer.step()
            optimizer.zero_grad()
    return total / len(loader)
