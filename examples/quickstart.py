"""From data to a trained, saved and loaded model, in one page."""

import tempfile
from pathlib import Path

import autodiff as torch
from autodiff import nn
from autodiff.utils.data import DataLoader
from autodiff.vision import datasets

torch.manual_seed(0)

# Data: 8 x 8 scans of handwritten digits, and which digit each one is.
training_data = datasets.Digits(train=True)
test_data = datasets.Digits(train=False)
train_loader = DataLoader(training_data, batch_size=64, shuffle=True)
test_loader = DataLoader(test_data, batch_size=64)
for X, y in test_loader:
    print("a batch of images:", tuple(X.shape), X.dtype)
    print("a batch of labels:", tuple(y.shape), y.dtype)
    break

device = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else "cpu"


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.layers = nn.Sequential(
            nn.Linear(8 * 8, 64),
            nn.ReLU(),
            nn.Linear(64, 64),
            nn.ReLU(),
            nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.layers(self.flatten(x))


model = Classifier().to(device)
print(model)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def train(loader, model, loss_fn, optimizer):
    model.train()
    for X, y in loader:
        loss = loss_fn(model(X.to(device)), y.to(device))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return loss.item()


def test(loader, model, loss_fn):
    model.eval()
    loss, correct = 0, 0
    with torch.no_grad():
        for X, y in loader:
            pred = model(X.to(device))
            loss += loss_fn(pred, y.to(device)).item()
            correct += (pred.argmax(1) == y.to(device)).type(torch.float).sum().item()
    return loss / len(loader), correct / len(loader.dataset)


for epoch in range(1, 21):
    train(train_loader, model, loss_fn, optimizer)
    if epoch % 5 == 0:
        loss, accuracy = test(test_loader, model, loss_fn)
        print(f"epoch {epoch}: accuracy {accuracy:.1%}, loss {loss:.4f}")

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "model.pt"
    torch.save(model.state_dict(), path)
    model = Classifier()
    model.load_state_dict(torch.load(path, weights_only=True))

model.eval()
x, y = test_data[0]
with torch.no_grad():
    pred = model(x.unsqueeze(0))
print(f"the loaded model reads {test_data.classes[pred[0].argmax()]}; it is {test_data.classes[y]}")
