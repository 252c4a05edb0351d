"""One neuron: what autograd records, and how gradients flow back."""

import autodiff as torch

x = torch.ones(5)  # input
y = torch.zeros(3)  # expected output
w = torch.linspace(-1, 1, 15).reshape(5, 3).requires_grad_()
b = torch.tensor([0.5, -0.5, 0.1], requires_grad=True)
z = torch.matmul(x, w) + b
loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)

print("grad_fn of z:", z.grad_fn)
print("grad_fn of loss:", loss.grad_fn)
loss.backward()
print("loss:", loss)
print("w.grad:", w.grad, sep="\n")
print("b.grad:", b.grad)

z = torch.matmul(x, w) + b
print("recorded:", z.requires_grad)
with torch.no_grad():
    z = torch.matmul(x, w) + b
print("inside no_grad:", z.requires_grad)
z = torch.matmul(x, w) + b
print("detached:", z.detach().requires_grad)

inp = torch.eye(4, 5, requires_grad=True)
out = (inp + 1).pow(2).t()
out.backward(torch.ones_like(out), retain_graph=True)
print("first call:", inp.grad, sep="\n")
out.backward(torch.ones_like(out), retain_graph=True)
print("second call, added to the first:", inp.grad, sep="\n")
inp.grad.zero_()
out.backward(torch.ones_like(out), retain_graph=True)
print("after zeroing the gradient:", inp.grad, sep="\n")
