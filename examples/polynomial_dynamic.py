"""A graph that differs from step to step: ordinary Python decides, and a weight is used again."""

import math
import random

import autodiff as torch


class DynamicNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c, self.d, self.e = (
            torch.nn.Parameter(torch.tensor(v)) for v in (0.1, -0.2, 0.3, 0.1, 0.001)
        )

    def forward(self, x):
        y = self.a + self.b * x + self.c * x**2 + self.d * x**3
        for exp in range(4, random.randint(4, 6)):
            y = y + self.e * x**exp
        return y

    def string(self):
        a, b, c, d, e = (p.item() for p in self.parameters())
        return (
            f"y = {a:.4f} + {b:.4f} x + {c:.4f} x^2 + {d:.4f} x^3 + {e:.5f} x^4 ? + {e:.5f} x^5 ?"
        )


random.seed(0)
x = torch.linspace(-math.pi, math.pi, 2000)
y = torch.sin(x)
model = DynamicNet()
criterion = torch.nn.MSELoss(reduction="sum")
optimizer = torch.optim.SGD(model.parameters(), lr=1e-8, momentum=0.9)
for t in range(2000):
    y_pred = model(x)
    loss = criterion(y_pred, y)
    if t % 400 == 399:
        print(t, round(loss.item(), 3))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(model.string())
