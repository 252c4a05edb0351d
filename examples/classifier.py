"""Training a classifier: a convolutional net, its accuracy, and that of every class."""

import tempfile
from pathlib import Path

import autodiff as torch
import autodiff.nn as nn
import autodiff.nn.functional as F
import autodiff.optim as optim
import autodiff.vision as vision
import autodiff.vision.transforms as transforms

torch.manual_seed(0)

# 1. Load and normalize the images: from [0, 1] to [-1, 1].
transform = transforms.Compose([transforms.Normalize((0.5,), (0.5,))])
trainset = vision.datasets.Digits(train=True, transform=transform)
trainloader = torch.utils.data.DataLoader(trainset, batch_size=8, shuffle=True, num_workers=2)
testset = vision.datasets.Digits(train=False, transform=transform)
testloader = torch.utils.data.DataLoader(testset, batch_size=64, shuffle=False, num_workers=2)
classes = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

images, labels = next(iter(trainloader))
print("one batch:", " ".join(classes[labels[j]] for j in range(8)))
grid = vision.utils.make_grid(images / 2 + 0.5)
print("as one picture:", tuple(grid.shape))


# 2. Define the net.
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.fc1 = nn.Linear(16 * 2 * 2, 32)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1)  # all dimensions but the batch
        x = F.relu(self.fc1(x))
        return self.fc2(x)


net = Net()

# 3. A loss and an optimizer.
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)

# 4. Train.
for epoch in range(4):
    running_loss = 0.0
    for inputs, labels in trainloader:
        optimizer.zero_grad()
        outputs = net(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    print(f"[{epoch + 1}] loss: {running_loss / len(trainloader):.3f}")

# 5. Save it, load it, and see how it does on images it has not seen.
with tempfile.TemporaryDirectory() as folder:
    PATH = Path(folder) / "net.pth"
    torch.save(net.state_dict(), PATH)
    net = Net()
    net.load_state_dict(torch.load(PATH, weights_only=True))

correct = dict.fromkeys(classes, 0)
total = dict.fromkeys(classes, 0)
with torch.no_grad():
    for images, labels in testloader:
        _, predictions = torch.max(net(images), 1)
        for label, prediction in zip(labels, predictions):
            total[classes[label]] += 1
            if label == prediction:
                correct[classes[label]] += 1

print(f"accuracy on {len(testset)} test images: {sum(correct.values()) / len(testset):.1%}")
for name in classes:
    print(f"accuracy for {name:5s}: {correct[name] / total[name]:.1%}")
