"""Machine code: made by Numba once, kept on disk, and loaded from there by LLVM alone.

To import Numba and to let it find out types takes longer than most programs run.

- `parameter` says what a function's parameters are, which leaves nothing to find out;
- `numba_code` makes machine code of a function, and alone imports Numba;
- `machine_code` keeps it in files, and makes functions of it; `makers` says what it depends on;
- `kernel` compiles the loops of `autodiff.backends` for the arrays that they meet.
"""
