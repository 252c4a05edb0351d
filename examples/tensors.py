"""Tensors: making them, looking at them, computing with them."""

import numpy as np

import autodiff as torch

data = [[1, 2], [3, 4]]
x = torch.tensor(data)
a = np.array(data)
print("from lists and from NumPy:", torch.equal(x, torch.from_numpy(a)))
print("like another:", torch.ones_like(x), torch.zeros_like(x, dtype=torch.float32), sep="\n")

torch.manual_seed(0)
shape = (2, 3)
random = torch.rand(shape)
print("random numbers lie in [0, 1):", bool((random >= 0).all() and (random < 1).all()))
print("ones and zeros:", torch.ones(shape), torch.zeros(shape), sep="\n")

x = torch.arange(12.0).reshape(3, 4)
print("shape, dtype, device:", tuple(x.shape), x.dtype, x.device)
print("first row:", x[0])
print("first column:", x[:, 0])
print("last column:", x[..., -1])
x[:, 1] = 0
print("after x[:, 1] = 0:", x, sep="\n")

print("joined:", torch.cat([x, x], dim=1), sep="\n")
print("stacked:", torch.stack([x[0], x[1]]).shape)

y1 = x @ x.T
y2 = x.matmul(x.T)
y3 = torch.empty(3, 3)
torch.matmul(x, x.T, out=y3)
print("matrix products:", y1, torch.equal(y1, y2), torch.equal(y1, y3), sep="\n")
z1 = x * x
z2 = x.mul(x)
z3 = torch.empty_like(x)
torch.mul(x, x, out=z3)
print("elementwise products:", z1, torch.equal(z1, z2), torch.equal(z1, z3), sep="\n")

total = x.sum()
print("one number:", total.item(), type(total.item()).__name__)
x.add_(5)
print("in place:", x, sep="\n")
print("transposed:", x.t())

t = torch.ones(5)
n = t.numpy()
t.add_(1)
print("a tensor and its NumPy array share memory:", t, n)
n = np.ones(5)
t = torch.from_numpy(n)
np.add(n, 1, out=n)
print("and the other way round:", t, n)

device = "cuda" if torch.cuda.is_available() else "cpu"
print("moved:", t.to(device).device.type == device)
