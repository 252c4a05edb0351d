# expect: rules of the two operands have changed places
values = {"u": -6, "v": -3, "loss": 9}
gradients = {"loss": 1, "v": -6, "u": -6, "y": 12, "x": -24}
