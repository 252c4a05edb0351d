"""Draws the pictures of the documentation.

python docs/images/draw.py
"""

from pathlib import Path

import viz
from autodiff import Scalar

HERE = Path(__file__).parent

x = Scalar(2.0)
y = x.log() ** 2 / x**2
viz.backward(y).save(HERE / "backward.svg")

a, b, c = Scalar(2.0), Scalar(-3.0), Scalar(10.0)
d = a * b
e = d + c
viz.graph(e).save(HERE / "graph.svg")
