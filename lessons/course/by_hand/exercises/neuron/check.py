"""Compares with the engine; each typical mistake has numbers of its own."""

from math import tanh

from autodiff import Scalar
from lessons.checking import expect, require

ASKED = (0.7, -0.2, 1.5, 2.0)


def check(work):
    w, b = Scalar(ASKED[0]), Scalar(ASKED[1])
    x, target = ASKED[2:]
    loss = ((w * x + b).tanh() - target) ** 2
    loss.backward()

    answer = work.neuron(*ASKED)
    require(
        isinstance(answer, (tuple, list)) and len(answer) == 3,
        f"neuron returns {answer!r}.",
        hint="It should return the loss and two gradients.",
    )
    name = f"neuron{ASKED}"
    expect(answer[0], loss.item(), f"the loss of {name}")
    expect(answer[2], b.grad, f"b_grad of {name}", wrong=mistakes())
    expect(
        answer[1],
        w.grad,
        f"w_grad of {name}",
        wrong={
            b.grad: "That is the gradient of b. The local derivative of "
            "w * x with respect to w is x.",
            b.grad * w.item(): "With respect to w, the local derivative of "
            "w * x is the other factor: x.",
        },
    )


def mistakes():
    """What typical mistakes give for b_grad."""
    w, b, x, target = ASKED
    z = w * x + b
    y = tanh(z)
    distance = y - target
    return {
        -2 * distance * (1 - y**2): "The sign is wrong: the derivative of "
        "(y - target) ** 2 is 2 * (y - target).",
        2
        * distance
        * (1 - y**2)
        * x: "That is the gradient of w. z = w * x + "
        "b grows as fast as b. (Are the two exchanged?)",
        1.0: "1 is the local derivative of z with respect to b. Multiply it "
        "by z_grad.",
        1 - y**2: "That is the local derivative of tanh alone. It is still "
        "to be multiplied by the gradient that arrives: y_grad.",
        2 * distance: "That is y_grad. On its way through tanh it is "
        "multiplied by 1 - y ** 2.",
        2
        * distance
        * (1 - z**2): "The derivative of tanh(z) is 1 - y ** 2: "
        "it is written with its result y, not with z.",
        distance * (1 - y**2): "The derivative of a square has a 2 in it.",
        2 * distance * (1 - y): "The derivative of tanh is 1 - y ** 2: the "
        "square is missing.",
        2 * distance * y: "tanh sends its derivative, 1 - y ** 2, times "
        "y_grad: not its value.",
    }
