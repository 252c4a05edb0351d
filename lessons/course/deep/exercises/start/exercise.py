"""Give the weights of a layer a good start.

`weight` has the shape (outputs, inputs), and a ReLU follows the layer. Fill it
in place with normal random numbers of mean 0 and of the right size, so that
the signal neither fades nor blows up from layer to layer.
"""

import autodiff as ad


def start(weight: ad.Tensor) -> None:
    raise NotImplementedError
