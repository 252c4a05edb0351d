"""The suite computes with one thread: its matrices are small, and a busy machine stays fast.

Threads of a BLAS library wait for each other by spinning. Where other programs want the cores too,
that made the lesson that trains a convolutional net take 13 s instead of 1.5.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
