"""The same programs in PyTorch: values, gradients, dtypes, text, errors."""
