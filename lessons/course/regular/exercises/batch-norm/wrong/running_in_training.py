# expect: which are for eval mode
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
            with ad.no_grad():
                self.mean += 0.1 * (x.mean(0) - self.mean)
                self.var += 0.1 * (x.var(0, unbiased=False) - self.var)
        return (x - self.mean) / (self.var + 1e-5).sqrt()
