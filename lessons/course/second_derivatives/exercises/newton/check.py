"""Checks newton_step on a parabola, where one step is enough, and on a cosine."""

import math

from lessons.checking import expect, fail, require


def check(work):
    step = stepper(work)
    expect(
        step(lambda x: 3 * (x - 5) ** 2 + 7, 0.0),
        5.0,
        "newton_step of 3 * (x - 5)**2 + 7 from 0",
        wrong={
            0.0
            - 82
            / -30: "You divided f by its slope. That method looks for the place where "
            "f is 0; here the slope should become 0.",
            -5.0: "The step goes against the slope: x minus slope / bend.",
            30.0: "That is x minus the slope alone. Divide it by the bend.",
            180.0: "The slope is divided by the bend, not multiplied: the more "
            "it bends, the shorter the step.",
            -1.25: "The second backward() put the bend on top of the slope that "
            "was in x.grad already. `grad` gives each by itself.",
        },
    )
    x = 2.5
    for _ in range(4):
        x = step(lambda x: x.cos(), x)
    expect(
        x,
        math.pi,
        "four steps towards the smallest cosine, from 2.5",
        within=1e-9,
    )


def stepper(work):
    def step(f, x):
        try:
            result = work.newton_step(f, x)
        except RuntimeError as error:
            if "does not require grad" not in str(error):
                raise
            fail(
                "The slope has no graph, so it cannot be differentiated.",
                hint="grad(..., create_graph=True) records how the slope was computed.",
            )
        except TypeError as error:
            if "tuple" not in str(error):
                raise
            fail(
                f"TypeError: {error}.",
                hint="grad returns a tuple, even for one input: (slope,) = grad(...)",
            )
        require(
            result is not None,
            "newton_step returns nothing yet.",
            hint="return a number.",
        )
        return float(result)

    return step
