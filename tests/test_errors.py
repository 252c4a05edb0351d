"""Mistakes get an error that teaches, of the type PyTorch raises."""
