"""A convolutional net: its layers, its parameters, and one step of training."""

import autodiff as torch
import autodiff.nn as nn
import autodiff.nn.functional as F
import autodiff.optim as optim


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)  # one channel in, six out, 5 x 5 filters
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


net = Net()
print(net)
params = list(net.parameters())
print(len(params), "parameters; conv1's weight:", tuple(params[0].size()))
with torch.no_grad():
    for p in params:
        n = p.numel()
        p.copy_((torch.sin(torch.arange(n, dtype=torch.float32) * 0.7) * 0.1).view(p.shape))

x = torch.cos(torch.arange(32 * 32, dtype=torch.float32) / 50).view(1, 1, 32, 32)
out = net(x)
print("output:", tuple(out.shape))
target = torch.linspace(-1, 1, 10).view(1, -1)
criterion = nn.MSELoss()
loss = criterion(out, target)
print(f"loss: {loss.item():.6f}")
net.zero_grad()
print("bias gradient before:", net.conv1.bias.grad)
loss.backward()
print("and after:", net.conv1.bias.grad)

optimizer = optim.SGD(net.parameters(), lr=0.5)
for _ in range(5):
    optimizer.zero_grad()
    loss = criterion(net(x), target)
    loss.backward()
    optimizer.step()
    print(f"loss: {loss.item():.6f}")
