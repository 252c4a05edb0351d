# expect: more than a single 1
import autodiff as ad


def jacobian(f, x):
    x = x.detach().requires_grad_()
    rows = []
    for _ in range(len(f(x))):
        x.grad = None
        f(x).backward(gradient=ad.ones(len(f(x))))
        rows.append(x.grad)
    return ad.stack(rows)
