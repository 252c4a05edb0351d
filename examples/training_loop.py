"""A training with validation: the best model is saved, and the learning rate falls on plateaus."""

import tempfile
from pathlib import Path

import autodiff as torch
from autodiff import nn
from autodiff.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)

# Two spirals, one for each class, with a little noise.
n = 300
angle = torch.linspace(0.3, 3.0, n) * 3.14159
points = torch.stack([angle * angle.cos(), angle * angle.sin()], dim=1) / 5
x = torch.cat([points, -points]) + 0.03 * torch.randn(2 * n, 2)
y = torch.cat([torch.zeros(n, dtype=torch.int64), torch.ones(n, dtype=torch.int64)])

training, validation, testing = random_split(TensorDataset(x, y), [0.7, 0.15, 0.15])
training_loader = DataLoader(training, batch_size=32, shuffle=True)
validation_loader = DataLoader(validation, batch_size=64)
testing_loader = DataLoader(testing, batch_size=64)


def build():
    return nn.Sequential(
        nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2)
    )


model = build()
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.3, patience=5)


def train_one_epoch():
    model.train()
    total = 0.0
    for inputs, labels in training_loader:
        optimizer.zero_grad()
        loss = loss_fn(model(inputs), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        total += loss.item() * len(labels)
    return total / len(training)


def evaluate(loader):
    model.eval()
    total, correct, count = 0.0, 0, 0
    with torch.no_grad():
        for inputs, labels in loader:
            outputs = model(inputs)
            total += loss_fn(outputs, labels).item() * len(labels)
            correct += (outputs.argmax(1) == labels).sum().item()
            count += len(labels)
    return total / count, correct / count


best = float("inf")
with tempfile.TemporaryDirectory() as folder:
    best_path = Path(folder) / "best.pt"
    for epoch in range(1, 61):
        train_loss = train_one_epoch()
        validation_loss, accuracy = evaluate(validation_loader)
        scheduler.step(validation_loss)
        if validation_loss < best:
            best, best_epoch = validation_loss, epoch
            torch.save(model.state_dict(), best_path)
        if epoch % 10 == 0:
            print(
                f"epoch {epoch}: training loss {train_loss:.4f}, "
                f"validation loss {validation_loss:.4f}, accuracy {accuracy:.1%}, "
                f"rate {scheduler.get_last_lr()[0]:g}"
            )
    model = build()
    model.load_state_dict(torch.load(best_path, weights_only=True))

print(f"the best model is that of epoch {best_epoch}")
print(f"on data never looked at before: accuracy {evaluate(testing_loader)[1]:.1%}")
