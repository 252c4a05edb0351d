# expect: The square sends 2 * v
values = {"u": -6, "v": -3, "loss": 9}
gradients = {"loss": 1, "v": -3, "u": -3, "y": -9, "x": 3}
