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
        require(
            result is not None,
            "newton_step returns nothing yet.",
            hint="return a number.",
        )
        return float(result)

    return step
