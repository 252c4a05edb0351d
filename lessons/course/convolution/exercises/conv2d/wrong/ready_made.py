# expect: F.conv2d has done it

from autodiff.nn import functional as F


def conv2d(picture, pattern):
    return F.conv2d(picture[None, None], pattern[None, None])[0, 0]
