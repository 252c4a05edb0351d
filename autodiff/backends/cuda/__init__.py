"""Computing on NVIDIA GPUs, with kernels that numba.cuda compiles.

Nothing here is imported until a CUDA device is asked for. `driver` owns everything that touches
CUDA; the other modules make kernels, which are Python text, and arrays, which NumPy's functions
work on.
"""
