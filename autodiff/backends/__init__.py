"""The heavy computations, one module per way of doing them.

`reference` is slow and obvious and defines what each one means; `cpu` is what runs.
"""
