"""Write cross-entropy: from scores to one number.

``scores`` is a tensor of n rows, one score per class; ``labels`` holds the
number of the right class of each row. Return the mean, over the rows, of
minus the logarithm of the right class's probability.

``F.log_softmax`` is allowed, ``F.nll_loss`` and ``F.cross_entropy`` are not.
"""

import autodiff as ad
from autodiff.nn import functional as F


def cross_entropy(scores, labels):
    rows = ad.arange(len(labels))
    raise NotImplementedError
