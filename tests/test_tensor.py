"""Tensor: creation, dtypes, indexing, views, in-place writes, the bridge to NumPy."""
