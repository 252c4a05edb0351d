# expect: added, not multiplied
values = {"u": -6, "v": -3, "loss": 9}
gradients = {"loss": 1, "v": -6, "u": -6, "y": -18, "x": -72}
