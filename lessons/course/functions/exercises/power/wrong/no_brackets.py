# expect: power - 1 in brackets
import autodiff as ad


class Power(ad.autograd.Function):
    @staticmethod
    def forward(ctx, base, power):
        out = base**power
        ctx.save_for_backward(base, power, out)
        return out

    @staticmethod
    def backward(ctx, g):
        base, power, out = ctx.saved_tensors
        return g * power * base**power - 1, g * out * base.log()
