"""Checks the value, then that it compiles and takes the right branch for values seen later."""

import autodiff as ad
from lessons.checking import expect, fail, require


def truth(errors):
    return ad.nn.functional.huber_loss(
        errors, ad.zeros(len(errors)), reduction="sum"
    )


def check(work):
    small, mixed = (
        ad.tensor([0.5, -0.25, 0.0, 0.8]),
        ad.tensor([0.5, -3.0, 2.0, 0.0]),
    )
    expect(
        work.huber(mixed),
        truth(mixed),
        "huber([0.5, -3, 2, 0])",
        wrong={
            (
                0.125,
                2.5,
                1.5,
                0.0,
            ): "Those are the losses of the errors. Add them up.",
            float(truth(mixed) / 4): "That is the mean. Add them up.",
            float(
                (mixed.abs() - 0.5).sum()
            ): "All errors were taken as large ones.",
            float(
                (0.5 * mixed**2).sum()
            ): "All errors were taken as small ones.",
            float(
                ad.where(
                    mixed.abs() < 1, mixed.abs() - 0.5, 0.5 * mixed**2
                ).sum()
            ): "The"
            " two branches are swapped: where(condition, if true, if false).",
        },
    )
    compiled = ad.compile(work.huber)
    try:
        first = compiled(small)
    except RuntimeError as error:
        fail(
            f"ad.compile refuses it: {str(error).splitlines()[0]}",
            hint="Let where choose, element by element, and leave the numbers in the tensor.",
        )
    expect(
        first,
        truth(small),
        "compiled, huber([0.5, -0.25, 0, 0.8])",
        within=1e-5,
    )
    expect(
        compiled(mixed),
        truth(mixed),
        "compiled, and then called with [0.5, -3, 2, 0]: huber",
        within=1e-5,
        hint="The branch of the first call was taken again.",
    )
    errors = mixed.clone().requires_grad_()
    out = compiled(errors)
    require(
        out.requires_grad,
        "the compiled function gives a result without a gradient",
    )
    out.backward()
    expect(errors.grad, [0.5, -1.0, 1.0, 0.0], "its gradient", within=1e-5)
    print("Your function as a program:\n")
    print(
        compiled.source[compiled.source.index("@loop") :].split("\n\n\n")[0]
    )
