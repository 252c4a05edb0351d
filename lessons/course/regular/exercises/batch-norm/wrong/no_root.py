# expect: divide by its square root
import autodiff as ad
from autodiff import nn


class Norm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("mean", ad.zeros(channels))
        self.register_buffer("var", ad.ones(channels))

    def forward(self, x):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            with ad.no_grad():
                self.mean += 0.1 * (mean - self.mean)
                self.var += 0.1 * (var - self.var)
        return (x - mean) / (var + 1e-5)
