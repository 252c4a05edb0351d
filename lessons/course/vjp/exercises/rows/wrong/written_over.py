# expect: writes over the row you have kept
import autodiff as ad


def jacobian(f, x):
    x = x.detach().requires_grad_()
    rows = []
    for output in range(len(f(x))):
        v = ad.zeros(len(f(x)))
        v[output] = 1.0
        f(x).backward(gradient=v)
        rows.append(x.grad)
        x.grad.zero_()
    return ad.stack(rows)
