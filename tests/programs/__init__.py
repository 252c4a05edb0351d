"""Programs that run here and in PyTorch: what each gives, or raises, is compared.

A program is an expression over the names of `compare.variables`, with ``m`` the library.
"""
