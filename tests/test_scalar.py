"""Scalar: one Python float in the graph, with IEEE arithmetic."""
