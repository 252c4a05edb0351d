"""Several outputs, frozen parameters, and one step of an optimizer."""

import autodiff as torch
from autodiff import nn, optim

a = torch.tensor([2.0, 3.0], requires_grad=True)
b = torch.tensor([6.0, 4.0], requires_grad=True)
q = 3 * a**3 - b**2
q.backward(gradient=torch.tensor([1.0, 1.0]))
print("9 a^2 == a.grad:", 9 * a**2 == a.grad)
print("-2 b == b.grad:", -2 * b == b.grad)

x = torch.rand(5, 5)
y = torch.rand(5, 5)
z = torch.rand((5, 5), requires_grad=True)
print("does x + y require grad?", (x + y).requires_grad)
print("does x + z?", (x + z).requires_grad)

model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
with torch.no_grad():
    for p in model.parameters():
        p.copy_(torch.linspace(-0.5, 0.7, p.numel()).reshape(p.shape))
for p in model.parameters():
    p.requires_grad = False
model[2] = nn.Linear(3, 2)  # only this layer learns
with torch.no_grad():
    model[2].weight.fill_(0.1)
    model[2].bias.zero_()

optimizer = optim.SGD(model.parameters(), lr=1e-2, momentum=0.9)
data = torch.arange(8.0).reshape(2, 4)
labels = torch.ones(2, 2)
for step in range(3):
    optimizer.zero_grad()
    loss = (model(data) - labels).pow(2).sum()
    loss.backward()
    optimizer.step()
    print(f"step {step}: loss {loss.item():.5f}")
print("frozen layer has a gradient:", model[0].weight.grad is not None)
print("weight of the other:", model[2].weight)
