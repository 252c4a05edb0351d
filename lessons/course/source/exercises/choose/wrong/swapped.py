# expect: branches are swapped
import autodiff as ad


def huber(errors):
    size = errors.abs()
    return ad.where(size < 1, size - 0.5, 0.5 * errors**2).sum()
