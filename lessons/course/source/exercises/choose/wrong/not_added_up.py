# expect: Add them up
import autodiff as ad


def huber(errors):
    size = errors.abs()
    return ad.where(size < 1, 0.5 * errors**2, size - 0.5)
